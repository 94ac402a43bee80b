"""The library's error messages in the words of the command line: ``batch_size='full'`` is ``--batch-size full`` there."""

from __future__ import annotations

import re

_SPELLED_ALIKE = (
    "batch_size", "class_weight", "clip_norm", "clip_value", "data_folder", "dropout", "epochs", "force", "kind", "l1", "l2",
    "learning_rate", "max_norm", "monitor", "output_activation", "patience", "seed", "target", "target_loss", "time_limit",
    "tolerance", "validation",
)  # fmt: skip
_OPTIONS = {"test_fraction": "--test", **{name: "--" + name.replace("_", "-") for name in _SPELLED_ALIKE}}
_PHRASES = {
    "rate of Dropout must": "--dropout must",
    "--force (force=True)": "--force",
    "--data-folder (data_folder=...)": "--data-folder",
    "the test fraction": "--test",
}


def for_command_line(message: str) -> str:
    """Return ``message`` with settings spelled as options.

    >>> for_command_line("batch_size is 2. Use batch_size='full'.")
    '--batch-size is 2. Use --batch-size full.'
    >>> for_command_line("seed must be a whole number. Choose another seed.")
    '--seed must be a whole number. Choose another seed.'
    """
    for said, meant in _PHRASES.items():
        message = message.replace(said, meant)
    names = "|".join(_OPTIONS)
    with_underscore = "|".join(name for name in _OPTIONS if "_" in name)

    def option(found: re.Match[str]) -> str:
        return _OPTIONS[found[1]]

    message = re.sub(
        rf"\b({names})=(?:'([^']*)'|True\b|([\w.+-]*\w))",
        lambda found: f"{option(found)} {found[2] or found[3] or ''}".rstrip(),
        message,
    )
    message = re.sub(rf"^({names})(?= (?:is|must|needs)\b)", option, message)
    return re.sub(rf"(?<![\w'/-])({with_underscore})(?![\w'/]|\.\w)", option, message)
