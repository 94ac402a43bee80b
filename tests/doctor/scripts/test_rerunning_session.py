"""A checkpoint without forks: each question uses up a process, and the next one knows what the first was told."""

import math

import pytest

from unstuck.doctor.scripts.rerunning_session import RerunningSession
from unstuck.doctor.scripts.session import Session


class FakeChild:
    """A child that says it is ready, and answers one question with what it was told before."""

    started: list

    def __init__(self, order):
        self.order, self.told, self.closed, self.answers = order, [], False, [{"ready": True, "stops": order["stops"]}]
        FakeChild.started.append(self)

    def send(self, request):
        self.told.append(request)
        if "advance" in request:
            self.answers.append({"ready": True, "stops": request["advance"]})
        elif "define" not in request:
            self.answers.append({"told": list(self.told)})

    def receive(self, _timeout):
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)

    def close(self):
        self.closed = True


@pytest.fixture(autouse=True)
def fake_children(monkeypatch):
    def start(self, _run, order):
        self._child, self._deadline = FakeChild(order), math.inf

    FakeChild.started = []
    monkeypatch.setattr(Session, "__init__", start)
    return FakeChild.started


@pytest.fixture
def session():
    opened = RerunningSession(None, {"stops": [[0, 1]]})
    assert opened.receive()["ready"]
    return opened


STATE = {"define": 1, "values": {}}


def test_the_first_question_goes_to_the_first_process(session, fake_children):
    session.tell(STATE)
    assert session.ask({"state": 1}) == {"told": [STATE, {"state": 1}]}
    assert len(fake_children) == 1


def test_each_further_question_starts_a_process_that_is_told_the_states(session, fake_children):
    session.tell(STATE)
    session.ask({"state": 1})
    later = {"define": 2, "values": {}}
    session.tell(later)
    assert session.ask({"state": 2}) == {"told": [STATE, later, {"state": 2}]}
    assert session.ask({"state": 1}) == {"told": [STATE, later, {"state": 1}]}
    assert [child.closed for child in fake_children] == [True, True, False]


def test_going_on_keeps_a_fresh_process_and_replaces_a_used_one(session, fake_children):
    session.tell({"advance": [[0, 2]]})
    assert session.receive() == {"ready": True, "stops": [[0, 2]]}
    assert len(fake_children) == 1
    session.ask({})
    session.tell({"advance": [[0, 3]]})
    assert session.receive() == {"ready": True, "stops": [[0, 3]]}
    assert len(fake_children) == 2
    session.ask({})
    session.ask({})
    assert fake_children[-1].order["stops"] == [[0, 3]]


def test_a_process_that_dies_of_a_question_is_an_answer(session, fake_children):
    fake_children[0].send = lambda _request: None
    assert session.ask({}) == {"reason": "died", "error": None}


def test_questions_at_once_are_asked_one_after_the_other(session, fake_children):
    session.tell(STATE)
    assert [answer["told"][-1] for answer in session.ask_all([{"state": 1}, {"state": None}])] == [
        {"state": 1}, {"state": None},
    ]  # fmt: skip
    assert len(fake_children) == 2
