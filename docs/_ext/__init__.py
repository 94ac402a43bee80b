"""What these pages need besides Sphinx: tables made from the code itself, formulas without a network, short names."""
