"""Neural networks in NumPy that tell you why they are stuck."""
