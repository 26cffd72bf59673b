"""What only those who work on the project need: servers without installing any, the translation's upkeep.

Nothing here is the product, and the image leaves it out.
"""
