"""What a credit run survives: each fault done to real processes, on servers that no other test uses.

`house` has the servers and the processes, `moves` what people at the desk do in processes of their own, `books` what
has to stand in the database when all is over.
"""
