"""A finding on probation."""

from unstuck.doctor.findings import Finding
from unstuck.doctor.scripts.suspicion import Suspicion


def test_without_a_change_there_is_nothing_to_try_and_the_finding_stands():
    finding = Finding("ascends", "It climbs.", None, {"cosine": 1.0})
    suspicion = Suspicion(finding)
    assert suspicion.finding is finding
    assert suspicion.change is None
    assert not suspicion.needs_proof
