"""The whole office in one encrypted file, and back.

The file is a tar in the format of age (age-encryption.org), so that it can be opened without this program:

`files/…`       the private files, as they lie below PRIVATE_MEDIA_ROOT
`keys.env`      the keys without which the rows cannot be read
`database/…`    PostgreSQL's custom format, cut into numbered parts
`manifest.json` what all of it has to come to

It is written to people's public keys; the server that writes it cannot read it.
"""
