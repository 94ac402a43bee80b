import io

import pytest

from unstuck.doctor.scripts.output_tail import LONGEST, Tail, TailStream


def test_only_the_end_is_kept():
    tail = Tail()
    for number in range(200_000):
        tail.append(f"{number}\n")
    text = tail.text()
    assert len(text) == LONGEST
    assert text.endswith("199998\n199999\n")
    tail.append("x" * 10**6)
    assert tail.text() == "x" * LONGEST
    assert sum(len(part) for part in tail._parts) <= 2 * LONGEST


def test_a_stream_takes_all_that_scripts_do_to_it():
    tail = Tail()
    stream = TailStream(tail, "<stdout>", 1)
    print("one", 2, file=stream, flush=True)
    stream.writelines(["three\n"])
    stream.buffer.write("vier é\n".encode())
    stream.reconfigure(encoding="utf-8", line_buffering=True)
    again = io.TextIOWrapper(stream.buffer, encoding="gbk", errors="replace")
    again.write("five\n")
    again.flush()
    del again
    stream.close()
    stream.write("six\n")
    assert tail.text() == "one 2\nthree\nvier é\nfive\nsix\n"
    assert not stream.isatty()
    assert stream.writable()
    assert (stream.fileno(), stream.encoding, stream.name, stream.errors) == (1, "utf-8", "<stdout>", "replace")
    with pytest.raises(TypeError, match=r"^write\(\) argument must be str, not bytes$"):
        stream.write(b"bytes")
