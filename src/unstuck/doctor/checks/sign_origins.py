"""Which line has turned the sign of a gradient: the fewest lines whose change would turn it back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from unstuck.doctor.scripts.first_wrong import look_at_backward
from unstuck.doctor.scripts.sign_turns import Signed, last_turn, signs_on_the_way, subtracted_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site, Span
    from unstuck.doctor.scripts.trace import Key

_ASSIGNED = ("assigned", "updated", "item", "unpacked")
_TURN_UPDATE = "Turn the sign of the update."


@dataclass(frozen=True)
class Origin:
    """Where the sign of some parameters' gradients is turned.

    Attributes:
        site: The place, None if it is not known.
        variables: The parameters.
        lines: The line of the place, then further lines at which the sign could be turned back.
        turned: The places whose signs the remedy turns.
        words: What to add to the message, with a space before it; empty if the update itself is turned.
        remedy: What to do.
        is_update: Whether the places whose signs the remedy turns are updates.
    """

    site: Site | None
    variables: tuple[StepVariable, ...]
    lines: tuple[int, ...]
    turned: tuple[Site, ...]
    words: str = ""
    remedy: str = _TURN_UPDATE
    is_update: bool = True


def sign_origins(examination: Examination, up: Sequence[StepVariable]) -> list[Origin]:
    """Return where the signs are turned of parameters that are moved up their gradients; one entry for each place."""
    probes, loss = examination.probes, examination.taped_loss
    examination.backward = backward = examination.backward or look_at_backward(examination.prober, probes, loss)
    steps = _steps(examination)
    signs = {
        variable.index: signs_on_the_way(probes, loss, backward, variable.index, steps)
        for variable in examination.found.parameters
    }
    right = [signs[variable.index] for variable in examination.found.parameters if variable not in up]
    turns = {variable.index: _own_turn(signs[variable.index], right) for variable in up}
    shared = _shared_start(examination, up, signs) if not right and not any(turns.values()) else None
    origins: dict[int, Origin] = {}
    rest: list[StepVariable] = []
    for variable in up:
        subtracted = None if shared else subtracted_at(probes, variable.index)
        turn = turns[variable.index] or shared
        if subtracted is not None:
            origins[subtracted[0]] = _with(
                origins.get(subtracted[0]), _subtracted(examination, examination.site_of(subtracted), variable)
            )
        elif turn is not None:
            origins[turn.key[0]] = _with(origins.get(turn.key[0]), _at_turn(examination, turn, variable, up))
        else:
            rest.append(variable)
    rest = [variable for variable in rest if not _joins(examination, variable, origins)]
    found = list(origins.values())
    if rest:
        found.append(_at_updates(examination, rest, signs))
    return found


def _joins(examination: Examination, variable: StepVariable, origins: dict[int, Origin]) -> bool:
    """Add a parameter to the place where the sign of another is turned that the same line updates: layers in a loop share their lines."""
    site = examination.update_site(variable)
    for number, origin in origins.items():
        if site is not None and any(examination.update_site(other) == site for other in origin.variables):
            origins[number] = replace(origin, variables=(*origin.variables, variable))
            return True
    return False


def _steps(examination: Examination) -> set[Key]:
    """Return the values with the memory of earlier steps in them, such as velocities.

    Where the loss looks ahead along a velocity everything depends on it; only what is assigned to the velocity is a step then.
    """
    found = examination.found
    steps: set[Key] = set()
    for variable in found.state:
        dependents = found.dependents.get(variable.index, set())
        is_ahead = found.pair is not None and found.pair.key in dependents
        spans = [
            site.span
            for key in dependents
            if (site := examination.site_of(key)).name.partition("[")[0] == variable.root and site.kind in _ASSIGNED
        ]
        steps |= {key for key in dependents if not is_ahead or _is_within(examination.site_of(key).span, spans)}
    return steps


def _is_within(span: Span, spans: Sequence[Span]) -> bool:
    return any(around.line <= span.line and span.end_line <= around.end_line for around in spans)


def _own_turn(signs: Sequence[Signed], right: Iterable[Sequence[Signed]]) -> Signed | None:
    """Return where a sign turns on the way to a parameter, if no parameter that goes downhill shares the place."""
    turn = last_turn(signs)
    if turn is None or any(turn.key == each.key for others in right for each in others):
        return None
    return turn


def _shared_start(
    examination: Examination, up: Sequence[StepVariable], signs: dict[int, list[Signed]]
) -> Signed | None:
    """Return the value that all wrong signs come from, if turning it takes fewer changes than turning every update.

    With a single update line either could be turned. What is called a step is then taken at its word: a negative gradient that is
    subtracted is wrong from its start, a gradient that is added is right until then.
    """
    starts = [signs[variable.index][0] for variable in up if signs[variable.index]]
    if len(starts) < len(up) or len({start.key[0] for start in starts}) != 1:
        return None
    updates = {site.span.line for variable in up if (site := examination.update_site(variable)) is not None}
    if len(updates) < 2 and starts[0].sign > 0:  # noqa: PLR2004 (a single one)
        return None
    return _meeting(examination, starts[0])


def _meeting(examination: Examination, start: Signed) -> Signed:
    """Return the subtraction of outputs and targets if a sign comes from there: a loss that squares it does not mind its sign."""
    pair = examination.found.pair
    if pair is None or (-1 if pair.target == "left" else 1) != start.sign:
        return start
    return Signed(pair.key, start.sign)


def _with(known: Origin | None, more: Origin) -> Origin:
    if known is None:
        return more
    lines = tuple(dict.fromkeys((*known.lines, *more.lines)))
    return replace(known, variables=(*known.variables, *more.variables), lines=lines)


def _at_turn(examination: Examination, turn: Signed, variable: StepVariable, up: Sequence[StepVariable]) -> Origin:
    site = examination.site_of(turn.key)
    own = [examination.location_of_site(site).line]
    own += [examination.location_of_site(update).line for update in _update_sites(examination, up)]
    value = site.expression if site.kind in ("returned", "difference") else site.name
    what = "the negative of a gradient" if turn.sign < 0 else "a gradient, not its negative"
    words = f" The sign is turned here: {value} is {what}."
    return Origin(
        site, (variable,), tuple(dict.fromkeys(own)), (site,), words, "Turn the sign in this line.", is_update=False
    )


def _subtracted(examination: Examination, site: Site, variable: StepVariable) -> Origin:
    updates = _update_sites(examination, [variable])
    lines = (examination.location_of_site(site).line, *(examination.location_of_site(each).line for each in updates))
    words = " The forward pass subtracts here what the update is derived for as if it were added."
    remedy = "Add it in the forward pass, or turn the sign of the update."
    return Origin(site, (variable,), tuple(dict.fromkeys(lines)), (), words, remedy)


def _at_updates(examination: Examination, variables: Sequence[StepVariable], signs: dict[int, list[Signed]]) -> Origin:
    """Return the updates as the place, with the lines between the last gradient and them, such as that of a velocity."""
    sites = _update_sites(examination, variables)
    between = [site for variable in variables for site in _after_gradient(examination, variable, signs)]
    if not sites:
        sites = between[-1:]
    lines = [examination.location_of_site(site).line for site in sites]
    further = [examination.location_of_site(site).line for site in between]
    return Origin(
        sites[0] if sites else None, tuple(variables), tuple(dict.fromkeys((*sorted(lines), *further))), tuple(sites)
    )


def _after_gradient(examination: Examination, variable: StepVariable, signs: dict[int, list[Signed]]) -> list[Site]:
    drivers = [] if examination.backward is None else examination.backward.drivers[variable.index]
    known = signs[variable.index]
    after = drivers[drivers.index(known[-1].key) + 1 :] if known else drivers[-1:]
    return [examination.site_of(key) for key in after]


def _update_sites(examination: Examination, variables: Sequence[StepVariable]) -> list[Site]:
    return [site for variable in variables if (site := examination.update_site(variable)) is not None]
