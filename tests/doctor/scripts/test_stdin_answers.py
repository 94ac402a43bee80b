from unstuck.doctor.scripts.stdin_answers import Answers


def test_a_number_is_the_first_answer_and_yes_where_the_question_says_so():
    answers = Answers()
    assert answers.answer("How many epochs? ") == "1"
    assert answers.answer("Again (y/n)? ") == "y"
    assert answers.answer("Continue [Y/n]") == "y"
    assert answers.given == 3


def test_a_question_asked_again_and_again_gets_other_answers_in_the_end():
    answers = Answers()
    given = [answers.answer("q to quit: ") for _ in range(200)]
    assert given[:100] == ["1"] * 100
    assert set(given[100:]) == {"0", "n", "y", "q", "quit", "exit", ""}


def test_answers_come_to_an_end():
    answers = Answers()
    assert all(answers.answer(str(number)) == "1" for number in range(1000))
    assert answers.answer("one more?") is None
    assert answers.readline() == ""


def test_what_else_is_read():
    answers = Answers()
    assert answers.readline() == answers.read() == "1\n"
    assert answers.readline(1) == "1"
    assert answers.readlines() == ["1\n"]
    assert list(answers) == []
    assert answers.buffer.readline() == b"1\n"
    assert answers.readable()
    assert answers.encoding == "utf-8"
    answers.close()
    assert answers.read() == "1\n"
    assert answers.fileno() == 0
