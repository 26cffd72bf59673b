"""Files in and out: what people bring is read, previewed, imported and taken back."""
