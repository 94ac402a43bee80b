"""One training from the command line, from the options to the run folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.cli import runs
from unstuck.cli.documents import to_json
from unstuck.cli.interrupts import ending_training, saving
from unstuck.cli.plan import add_reports, make_plan
from unstuck.cli.results import describe_ending, not_healthy, result_of, scores_table, settings_of
from unstuck.cli.streams import say, speaker

if TYPE_CHECKING:
    from unstuck.cli.plan import Plan
    from unstuck.cli.results import Scores

_NOT_SETTINGS = ("trace", "report_every", "plot", "run", "force", "as_json", "no_monitor", "stop_when_stuck")


def train_and_save(options: dict[str, Any]) -> int:
    """Train as ``options`` say, save the run, print the outcome, and return the exit status.

    Raises:
        UnstuckError: The options cannot be carried out. Nothing is left behind.
    """
    folder = runs.choose_folder(options["run"], options["data"], force=options["force"])
    if options["plot"]:
        from unstuck.cli.pictures import check_can_draw, draw_run  # noqa: PLC0415 (only who draws pays for it)

        check_can_draw()
    show = speaker(as_json=options["as_json"])
    plan = make_plan(options)
    trainer = plan.trainer
    add_reports(plan, options, show)
    loss_at_start = plan.loss()
    with runs.new_run(folder, force=options["force"] and options["run"] is not None) as run, saving():
        with ending_training():
            trainer.fit(
                plan.inputs,
                plan.targets,
                plan.recipe.epochs,
                class_weight=options["class_weight"],
                validation=plan.recipe.validation or None,
            )
        problem = not_healthy(trainer, plan.recipe, loss_at_start, plan.loss())
        scores = _scores(plan)
        result = result_of(options["data"], plan.model, plan.recipe, trainer, scores, problem)
        given = {name: value for name, value in options.items() if name not in _NOT_SETTINGS}
        settings = {**given, **settings_of(plan.model, plan.recipe, trainer)}
        run.save(plan.model, trainer.history, runs.about_run(settings, result))
    show(f"{describe_ending(trainer)}\n{scores_table(scores)}")
    if problem:
        say(f"not healthy: {problem}", err=True)
    show(f"saved {run.folder}")
    if options["plot"]:
        show(draw_run(run.folder, plan.model, plan.dataset, trainer.history))
    if options["as_json"]:
        say(to_json(result), newline=False)
    return 1 if problem else 0


def _scores(plan: Plan) -> Scores:
    """Return loss and metrics over the rows trained on, those held back, and the test set, as far as there are any."""
    dataset = plan.dataset
    is_trained_on = np.zeros(len(dataset.inputs), dtype=bool)
    is_trained_on[plan.held.rows] = True
    parts = {"train": (dataset.inputs[is_trained_on], dataset.targets[is_trained_on])}
    if not is_trained_on.all():
        parts["validation"] = (dataset.inputs[~is_trained_on], dataset.targets[~is_trained_on])
    if dataset.test_inputs is not None and dataset.test_targets is not None:
        parts["test"] = (dataset.test_inputs, dataset.test_targets)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # a training that diverged shows in its numbers
        return {name: plan.model.evaluate(*part) for name, part in parts.items()}
