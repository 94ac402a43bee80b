"""The doctor for networks that are made of this package's parts, or can be: what the scripts' checks ask, asked of a training."""
