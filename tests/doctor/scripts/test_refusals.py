"""Through a child process: what listens to audit events cannot be taken away again."""


def test_network_programs_and_processes_are_refused_and_remembered(run_well):
    report = run_well(
        """
        import asyncio, multiprocessing, os, socket, subprocess, sys, urllib.request, webbrowser
        from concurrent.futures import ProcessPoolExecutor
        result = []
        def attempt(call):
            try:
                result.append(repr(call()))
            except OSError as error:
                result.append(str(error))
        attempt(lambda: urllib.request.urlopen("http://example.com"))
        attempt(lambda: socket.create_connection(("127.0.0.1", 9)))
        attempt(lambda: socket.socket().bind(("127.0.0.1", 0)))
        attempt(lambda: subprocess.run(["true"]))
        attempt(lambda: os.popen("true"))
        attempt(lambda: os.execv(sys.executable, [sys.executable]))
        attempt(lambda: os.posix_spawn("/bin/true", ["true"], {}))
        attempt(lambda: os.fork())
        attempt(lambda: multiprocessing.Process(target=print).start())
        attempt(lambda: multiprocessing.get_context("spawn").Process(target=print).start())
        attempt(lambda: ProcessPoolExecutor().submit(print))
        attempt(lambda: os.system("clear"))
        attempt(lambda: webbrowser.open("http://example.com"))
        one, other = socket.socketpair(); one.sendall(b"x"); attempt(lambda: other.recv(1))
        async def nothing(): return 3
        attempt(lambda: asyncio.run(nothing()))
        attempt(lambda: os.kill(os.getpid(), 0))
        """
    )
    network = "[Errno 101] there is no network while the doctor runs a script"
    program = "[Errno 1] other programs are not started while the doctor runs a script"
    process = "[Errno 1] other processes are not started while the doctor runs a script"
    assert report.result == [
        f"<urlopen error {network}>",
        *[network] * 2,
        *[program] * 4,
        *[process] * 4,
        "0",
        "False",
        "b'x'",
        "3",
        "None",
    ]
    assert ["network", 10] in report.refused
    assert ["program", 13] in report.refused
    assert ["process", 17] in report.refused
    assert ["program", 21] in report.refused
    assert ["process", 19] in report.refused


def test_joblib_works_in_one_process(run_well):
    report = run_well(
        """
        from joblib import Parallel, delayed
        result = [Parallel(jobs)(delayed(abs)(n) for n in (-1, 2)) for jobs in (4, -1, None)]
        result.append(Parallel(n_jobs=2, backend="multiprocessing", verbose=0)(delayed(abs)(n) for n in (-3,)))
        """
    )
    assert report.result == [[1, 2], [1, 2], [1, 2], [3]]
