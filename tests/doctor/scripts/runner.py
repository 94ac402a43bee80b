"""Runs a script as the doctor's child does, but listens to nothing: limits, taming, the script, a report."""

import json
import os
import traceback
import warnings
from pathlib import Path

from unstuck.doctor.scripts import pipes, process_limits, taming


def main():
    process_limits.apply()
    channel = pipes.open_channel()
    order = channel.receive()
    script = Path(order["script"])
    tamed = taming.tame(script, Path(order["workspace"]), order["arguments"], **order["options"])
    warnings.simplefilter("default")
    namespace = {"__name__": "__main__", "__file__": str(script)}
    error = None
    try:
        exec(compile(script.read_text(), str(script), "exec"), namespace)  # noqa: S102 (that is what it is for)
    except BaseException:  # noqa: BLE001 (a script may raise anything)
        error = traceback.format_exc()
    channel.send(
        {
            "error": error,
            "result": json.loads(json.dumps(namespace.get("result"))),
            "output": tamed.tail.text(),
            "asked": tamed.answers.given,
            "seeded": tamed.seeding.seeded,
            "removed_names": [[use.name, use.replacement, use.line] for use in tamed.removed_names],
            "stand_ins": sorted(tamed.stand_ins),
            "refused": [[refusal.kind, refusal.line] for refusal in tamed.refused],
            "walled": tamed.walled,
        }
    )
    os._exit(0)


if __name__ == "__main__":
    main()
