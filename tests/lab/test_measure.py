# SPDX-License-Identifier: GPL-3.0-or-later
"""Measuring: engines that are shell scripts, some of which fail, hang or compute something else."""
import json
import socket
import subprocess
import tempfile
import unittest
import unittest.mock

from bench import child, cli, engines, kernels, measure, numbers, pc, table


def script(identity, text, **kwargs):
    return engines.Engine(identity, identity, ("sh", "-c", text), system=False, **kwargs)


def printing(identity, checksum, milliseconds, **kwargs):
    """Says what the benchmark program says, of two kernels."""
    lines = "".join(f"echo '> {k}'; echo {k} {checksum} {milliseconds * 10**6}; "
                    for k in ("fib", "crc"))
    return script(identity, lines + "echo bench: done", **kwargs)


def quiet():
    progress = measure.Progress()
    progress.note = lambda text: None
    return progress


def measured(*which, rounds=2):
    data = {"kernels": [{"name": k, "group": "g", "about": "", "results": {}}
                        for k in ("fib", "crc")],
            "workloads": [{"name": "start", "results": {}}], "runs": {}, "failures": [],
            "wrong": [], "engines": [{"id": e.id, "name": e.name} for e in which]}
    measure.time_kernels(data, which, rounds, 100, quiet())
    measure.check_results(data, which, "native", quiet())
    return data


class Measuring(unittest.TestCase):
    def test_rounds(self):
        data = measured(printing("native", "1", 20), printing("qemu", "1", 60), rounds=3)
        self.assertEqual(data["failures"], [])
        self.assertEqual(data["wrong"], [])
        self.assertEqual(data["kernels"][0]["results"]["qemu"]["seconds"], [0.06] * 3)
        self.assertAlmostEqual(numbers.mean_ratio(data, "qemu", "native"), 3)

    def test_wrong_result_is_reported(self):
        data = measured(printing("native", "1", 20), printing("qemu", "2", 20))
        self.assertEqual(data["wrong"], ["fib: qemu computed 2, native 1",
                                         "crc: qemu computed 2, native 1"])

    def test_result_unlike_the_hosts(self):
        slow = printing("interp", "2", 20, slow=True)  # nobody else does that work
        data = measured(slow)
        self.assertEqual(data["wrong"], [])
        measure.expect_results(data, printing("native", "1", 20), [10], measure.Progress())
        measure.check_results(data, [slow], "native", quiet())
        self.assertEqual(data["wrong"][0], "fib: interp computed 2, native 1")

    def test_idle_share(self):
        sleeping = child.Child(["sh", "-c", "read line"])
        busy = child.Child(["sh", "-c", "while :; do :; done"])
        self.assertLess(measure.idle_share(sleeping, 0.2) * 5, measure.idle_share(busy, 0.2))
        sleeping.end()
        busy.end()

    def test_end_before_the_end(self):
        broken = script("broken", "echo '> fib'; echo fib 1 20000000; echo '> crc'")
        data = measured(broken, printing("native", "1", 20), rounds=3)
        self.assertEqual(len(data["failures"]), 2)  # the third round leaves it out
        self.assertEqual(data["kernels"][0]["results"]["broken"]["seconds"], [0.02] * 2)
        self.assertNotIn("broken", data["kernels"][1]["results"])
        self.assertEqual(data["kernels"][1]["results"]["native"]["seconds"], [0.02] * 3)
        self.assertTrue(table.kernel_table(data))

    def test_missing_round_is_paired_with_nothing(self):
        self.assertEqual(numbers.paired([1.0, None, 3.0], [2.0, 2.0, None]), [0.5])

    def test_guest_that_hangs(self):
        hanging = child.Child(["sh", "-c", "echo '> fib'; sleep 100"])
        self.assertEqual(hanging.line(), "> fib")
        self.assertIsNone(hanging.wait_for("never", patience=0.1))
        hanging.end()

    def test_clock_that_is_wrong(self):
        # It says an hour; by the host's clock it was nothing.
        data = measured(printing("qemu", "1", 3600000))
        self.assertLess(data["kernels"][0]["results"]["qemu"]["seconds"][0], 60)

    def test_slow_engine_does_a_tenth(self):
        data = measured(printing("native", "1", 50), printing("interp", "7", 50, slow=True))
        self.assertEqual(data["kernels"][0]["results"]["interp"]["work"], 10)
        self.assertEqual(data["wrong"], [])  # of other work: another result
        self.assertAlmostEqual(numbers.mean_ratio(data, "interp", "native"), 10)

    def test_text_in_pieces(self):
        pieces = child.Child(["sh", "-c", "printf 'one tw'; sleep 0.1; printf 'o three'"])
        self.assertEqual(pieces.wait_for("two"), "one ")
        self.assertIsNone(pieces.wait_for("four"))
        pieces.end()


class Machines(unittest.TestCase):
    def test_all_run_the_same(self):
        for machine, here in engines.ENGINES.items():
            for engine in here:
                self.assertIs(engine.machine, machine)
                if engine.system and not engine.crawls:
                    command = engine.kernels(7, ["fib", "crc"])
                    self.assertIn("console=ttyS0 quiet -- 7 fib,crc", command)
                    self.assertIn(machine.linux, command)
                    self.assertEqual("ppce500" in command, machine is engines.PPCE500)

    def test_kernels_are_those_of_the_processor(self):
        user = engines.ENGINES[engines.PPCE500][0]
        self.assertEqual(user.kernels(7, ["fib"])[-3:], ["build/bench/ppc/kernels", "7", "fib"])

    def test_version_of_a_kernel(self):
        with tempfile.NamedTemporaryFile() as kernel:
            kernel.write(b"\x7fELF" + bytes(1000) + b"Linux version 6.1.1-mine (somebody) #1")
            kernel.flush()
            self.assertEqual(engines._linux_version(kernel.name), "6.1.1-mine")
            kernel.truncate(900)
            self.assertIsNone(engines._linux_version(kernel.name))
        self.assertIsNone(engines._linux_version("no/such/file"))


class Results(unittest.TestCase):
    def test_schema_is_documented(self):
        with open("tests/lab/results.json", encoding="utf-8") as file:
            keys = json.load(file).keys()
        with open("tools/bench/README", encoding="utf-8") as file:
            schema = file.read().partition("The JSON\n")[2].partition("The program\n")[0]
        for key in keys:
            self.assertRegex(schema, rf"(?m)^    (\w+, )*{key}(, \w+)*  ")

    def test_other_files_are_refused(self):
        for text in ("", "[]", "{}", '{"schema": "another"}'):
            with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                with self.assertRaisesRegex(ValueError, file.name):
                    cli._read(file.name)


class Groups(unittest.TestCase):
    """What is measured of whole workloads."""

    def groups(self, *arguments):
        return cli._groups(cli._arguments(list(arguments)))

    def test_all_and_the_quick_ones(self):
        self.assertEqual(self.groups(), ["fills", "shell", "disks", "pc"])
        self.assertEqual(self.groups("--quick"), ["fills", "disks", "pc"])
        self.assertEqual(self.groups("--quick", "--kernels", "fib"), [])
        self.assertEqual(self.groups("--quick", "--machine", "ppce500"), [])

    def test_dd_is_what_is_quick_of_disks(self):
        by_dd = [" dd " in " " + w.command for w in kernels.DISK_WORKLOADS]
        self.assertEqual(by_dd, sorted(by_dd, reverse=True))
        self.assertEqual(sum(by_dd), kernels.DISK_WORKLOADS_BY_DD)

    def test_debian_quickly_to_its_login_alone(self):
        data = {"workloads": [cli._workload("Debian", "")], "idle_debian": {}}
        engine = script("e", "printf '%s' 'tessera login: '; read line; echo at work")
        debian = child.Child(engine.program)
        self.assertTrue(pc._debian_session(data, debian, engine, 0, quiet(), True))
        self.assertEqual(debian.text, "")
        debian.end()
        self.assertEqual(len(pc.measure.by_name(data, "Debian")["e"]["seconds"]), 1)

    def test_freedos_is_left_out_without_images(self):
        data = {"left_out": {}}
        pc.time_pc(data, [], None, 1, quiet())
        self.assertIn("FreeDOS", data["left_out"])

    def test_images_are_looked_for_at_once(self):
        with tempfile.TemporaryDirectory() as folder, \
                unittest.mock.patch("sys.stderr") as stderr:
            with self.assertRaises(SystemExit):
                cli._arguments(["--images", folder])
            self.assertIn(kernels.DOS_IMAGE, str(stderr.method_calls))


class Pages(unittest.TestCase):
    def test_what_is_written_by_hand_is_kept(self):
        with open("tests/lab/results.json", encoding="utf-8") as file:
            data = json.load(file)
        bare = table.results_page(data)
        self.assertEqual(table.results_page(data, "Old results.\n"), bare)
        self.assertEqual(table.results_page(data, bare), bare)
        page = table.results_page(data, f"Old.\n\n{table.BY_HAND}\n\nA word.\n")
        self.assertEqual(page, f"{bare}\n{table.BY_HAND}\n\nA word.\n")
        self.assertEqual(table.results_page(data, page), page)
        with tempfile.NamedTemporaryFile("w+", encoding="utf-8") as file:
            file.write(page.replace("A word", "Another"))
            file.flush()
            with unittest.mock.patch("builtins.print"):
                cli.main(["--from", "tests/lab/results.json", "--results", file.name])
            with open(file.name, encoding="utf-8") as written:
                self.assertEqual(written.read(), page.replace("A word", "Another"))

    def test_the_trees_page_has_the_mark(self):
        with open("RESULTS", encoding="utf-8") as page:
            text = page.read()
        self.assertEqual(text.count(f"\n{table.BY_HAND}\n"), 1)
        self.assertGreater(text.find("\nBefore and after\n"), text.find(f"\n{table.BY_HAND}\n"))


class Quoting(unittest.TestCase):
    def test_lines_are_replaced(self):
        data = measured(printing("qemu", "1", 60), printing("template", "1", 20))
        before = "Page.\n\n    template: 1.00 times as fast as QEMU system; slower at fib\n\nEnd.\n"
        after = "Page.\n\n    template: 3.00 times as fast as QEMU system\n\nEnd.\n"
        self.assertEqual(table.quote(before, data), after)

    def test_readme_quotes_the_results(self):
        with open("README", encoding="utf-8") as readme, open("RESULTS", encoding="utf-8") as page:
            quoted = [line for line in readme if " times as fast as QEMU system" in line]
            lines = page.read().split("\n")
        self.assertEqual(len(quoted), 2)
        for line in quoted:
            self.assertIn(line.strip(), lines)


class Numbers(unittest.TestCase):
    def test_spread(self):
        self.assertIsNone(numbers.spread([2.0]))
        self.assertAlmostEqual(numbers.spread([1.0, 2.0, 2.5]), 0.5)

    def test_geometric_mean(self):
        self.assertAlmostEqual(numbers.geometric_mean([2, 8, None]), 4)
        self.assertIsNone(numbers.geometric_mean([None]))

    def test_kernels_are_read(self):
        names = [k.name for k in kernels.kernels()]
        self.assertGreaterEqual(len(names), 16)
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual([k.name for k in kernels.kernels(["crc", "fib"])], ["fib", "crc"])
        with self.assertRaises(ValueError):
            kernels.kernels(["nonsense"])

    def test_columns(self):
        self.assertEqual(table.columns_of([["a", "b", "1"], ["long", "", "22"]]),
                         ["a    b   1", "long    22"])


class Screens(unittest.TestCase):
    """A PC's screen, as QMP's answers say what is on it."""

    ANSWERS = ('{"QMP": {}}', '{"return": {}}', '{"event": "RESUME"}',
               '{"return": "000b8000: 0x0741 0x073a 0x075c\\r\\n000b8006: 0x073e\\r\\n"}')

    def program(self, *answers):
        lines = "".join(f"printf '%s\\n' '{a}'; " for a in answers)
        return ["sh", "-c", f"{lines} read line; read line; exit 0", "-"]

    def test_text(self):
        screen = child.Child(self.program(*self.ANSWERS))
        self.assertEqual(pc.text_of_screen(screen), "A:\\>")
        screen.end()

    def test_prompt_is_found(self):
        seconds, idle = pc.to_screen(self.program(*self.ANSWERS), pc.DOS_PROMPT, 0)
        self.assertGreater(seconds, 0)
        self.assertIsNone(idle)

    def test_program_that_ends_has_no_screen(self):
        self.assertEqual(pc.to_screen(self.program(*self.ANSWERS[:3]), pc.DOS_PROMPT, 0.1),
                         (None, None))

    def test_idle_dos_is_measured_once(self):
        lines = "".join(f"printf '%s\\n' '{a}'; " for a in self.ANSWERS)
        data = {"idle_dos": {}}
        with tempfile.TemporaryDirectory() as folder:
            for name, then in (("idle", "read line; read line; read line"),
                               ("busy", "while :; do :; done")):
                engine = engines.Engine(name, name, ("sh", "-c", lines + then, "-"))
                with unittest.mock.patch.object(measure, "IDLE_SECONDS", 0.2):
                    self.assertGreater(pc._seconds_to_dos(data, engine, folder), 0)
                with unittest.mock.patch.object(measure, "idle_share", self.fail):
                    self.assertGreater(pc._seconds_to_dos(data, engine, folder), 0)
        self.assertLess(data["idle_dos"]["idle"] * 5, data["idle_dos"]["busy"])
        data.update(engines=[{"id": "idle", "name": "I"}, {"id": "busy", "name": "B"}],
                    workloads=[{"name": "FreeDOS", "about": "", "results": {
                        e: {"seconds": [1.0]} for e in ("idle", "busy")}}])
        self.assertRegex("\n".join(table.workload_table(data)),
                         r"\nidle FreeDOS +share of a host core +[\d.]+ % +[\d.]+ %")

    def test_boot_sector_is_waited_for(self):
        loud = engines.Engine("e", "e", ("sh", "-c", "echo BIOS; printf '\\252'; read line"))
        self.assertGreater(pc.seconds_to_boot_sector(loud), 0)
        self.assertIsNone(pc.seconds_to_boot_sector(engines.Engine("e", "e", ("echo", "BIOS"))))


    def test_interrupts_are_taken(self):
        tessera = engines.Engine("t", "t", ("./tessera",))
        for taken in kernels.INTERRUPTS:
            self.assertGreater(measure.seconds_of_bare(tessera.interrupts(taken)), 0)
        for said in ("begin\\nlost", "end"):
            loser = engines.Engine("e", "e", ("printf", said + "\\n"))
            self.assertIsNone(measure.seconds_of_bare(loser.bare("kernel", "line")))


class Outside(unittest.TestCase):
    """What a guest's network speaks with."""

    def test_all_is_given_and_taken(self):
        server = pc.Server()
        with socket.create_connection(("127.0.0.1", server.source)) as source:
            given = 0
            while piece := source.recv(1 << 20):
                given += len(piece)
        self.assertEqual(given, kernels.MEGABYTES << 20)
        with socket.create_connection(("127.0.0.1", server.sink)) as sink:
            sink.sendall(bytes(kernels.MEGABYTES << 20))
            self.assertEqual(sink.recv(10), b"all\n")
        server.close()

    def test_ports_are_told(self):
        told = [kernels.with_ports(w, 81, 82).command for w in kernels.DEBIAN_WORKLOADS]
        self.assertTrue(told[0].startswith("cat </dev/tcp/10.0.2.2/81 "))
        self.assertFalse([c for c in told if "@" in c])

    def test_processes_wait_for_each_other(self):
        done = subprocess.run(["sh", "-c", kernels.PING_PONG], capture_output=True, text=True,
                              check=True)
        self.assertEqual(done.stdout, f"{kernels.SWITCHES}\n")


if __name__ == "__main__":
    unittest.main(verbosity=0)
