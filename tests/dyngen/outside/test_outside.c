/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_outside.c: what dyngen writes and installs, as somebody meets it who has only that: in a
 * folder outside the tree, with other compilers and stricter options.
 */
#include "../../suites.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char tree[2048], folder[256];

/* Runs a command in the folder, where $T is the tree and $B what was built in it. */
static void in_folder(const char *expected, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void in_folder(const char *expected, const char *format, ...)
{
    char command[4096], text[16384];
    va_list args;
    int length =
        snprintf(command, sizeof command,
                 "exec 2>&1; set -e; unset MAKEFLAGS; cd %s; T=%s; B=$T/%s; ", folder, tree, BUILD);
    va_start(args, format);
    vsnprintf(command + length, sizeof command - (size_t)length, format, args);
    va_end(args);
    FILE *f = popen(command, "r"); /* NOLINT(cert-env33-c): a shell is what is wanted */
    ck_assert_ptr_nonnull(f);
    text[fread(text, 1, sizeof text - 1, f)] = 0;
    int status = pclose(f);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0 && strcmp(text, expected) == 0,
                  "%s: status %x, \"%s\" instead of \"%s\"", command, status, text, expected);
}

static void enter_folder(void)
{
    ck_assert_ptr_nonnull(getcwd(tree, sizeof tree));
    snprintf(folder, sizeof folder, "%s/dyngen-outside-XXXXXX", P_tmpdir);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    in_folder("",
              "cp $T/tests/dyngen/outside/*.c $T/dyngen/dyngen.h $T/dyngen/dyngen_x86_64.h .; echo "
              "'jit_callback() # a"
              " function\njit_function\njit_variable\njit_table\njit_leave' >helpers.txt; "
              "$B/bin/dyngen --helpers helpers.txt -o templates.c $B/tests/dyngen/outside/ops.o");
}

static void leave_folder(void)
{
    ck_assert(strlen(folder) > 6);
    in_folder("", "cd /; rm -r %s", folder);
}

#define STRICT "-O2 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror "

static const char *const compilers[] = {"gcc -std=c11", "gcc -std=gnu17", "clang-19 -std=c17",
                                        "clang-14 -std=c11"};

START_TEST(c)
{
    in_folder("right\n",
              "%s -no-pie " STRICT "-D_DEFAULT_SOURCE main.c helpers.c templates.c -o main; ./main",
              compilers[_i]);
}
END_TEST

static const char *const cxx_compilers[] = {"g++ -x c++ -std=c++17", "clang++-19 -x c++ -std=c++17",
                                            "clang++-14 -x c++ -std=c++17"};

START_TEST(cxx)
{
    in_folder("right\n", "%s -no-pie " STRICT "main.c helpers.c templates.c -o main; ./main",
              cxx_compilers[_i]);
}
END_TEST

/* The program in C++, templates in C: as it is mostly done. */
START_TEST(cxx_and_c)
{
    in_folder("right\n",
              "gcc " STRICT "-c templates.c; %s " STRICT "-c main.c helpers.c; "
              "g++ -no-pie main.o helpers.o templates.o -o main; ./main",
              cxx_compilers[_i]);
}
END_TEST

START_TEST(link_time_optimization)
{
    in_folder("right\n",
              "gcc -no-pie -flto " STRICT "main.c helpers.c templates.c -o main; ./main");
}
END_TEST

START_TEST(pie)
{
    in_folder("right\n", "gcc -fpie -pie " STRICT "main.c helpers.c templates.c -o main; ./main");
    in_folder("right\n",
              "clang-19 -fpie -pie " STRICT "main.c helpers.c templates.c -o main; ./main");
}
END_TEST

START_TEST(two_sets)
{
    in_folder("", "mkdir second; $B/bin/dyngen --prefix second_ -o second/templates.c "
                  "$B/tests/dyngen/outside/ops.o");
    in_folder("right\n", "gcc -no-pie -I. -DSECOND_SET " STRICT "main.c helpers.c templates.c -x c "
                         "second/templates.c -o main; ./main | sed 's/^6 [0-9a-f]* //'");
}
END_TEST

/* Those who go by the table, as what dyngen writes does itself, compile no emitters. */
START_TEST(without_emitters)
{
    in_folder("1\n", "gcc -E templates.h | grep -cw emit_call");
    in_folder("0\n", "gcc -E -DDYNGEN_NO_EMITTERS templates.h | grep -cw emit_call || true");
    in_folder("0\n", "gcc -E templates.c | grep -cw emit_call || true");
    in_folder("", "gcc -DDYNGEN_NO_EMITTERS " STRICT "-c templates.c");
}
END_TEST

START_TEST(bad_prefixes)
{
    in_folder("dyngen: --prefix 2nd: names in C cannot begin so\n",
              "! $B/bin/dyngen --prefix 2nd -o x.c $B/tests/dyngen/outside/ops.o; ! ls x.c 2>&-");
    in_folder("dyngen: --prefix a-b: names in C cannot begin so\n",
              "! $B/bin/dyngen --prefix a-b -o x.c $B/tests/dyngen/outside/ops.o; ! ls x.c 2>&-");
}
END_TEST

static const char *const op_compilers[] = {"clang-19", "clang-19 -mcmodel=large", "clang-14", "gcc",
                                           "gcc -mcmodel=large"};

START_TEST(readme)
{
    in_folder("25 7\n25 7\n25 7\n25 7\n25 7\n25 7\n",
              "sh $T/tests/dyngen/outside/readme.sh $T $B/bin/dyngen %s", op_compilers[_i]);
}
END_TEST

/* Nothing that a program takes over from here is under the GPL. */
START_TEST(licence)
{
    in_folder("templates.c\ntemplates.h\n",
              "grep -l 0BSD templates.[ch]; ! grep -l GPL "
              "templates.[ch] $T/dyngen/dyngen*.h $T/dyngen/symbols/*");
    in_folder("", "grep -L 'SPDX-License-Identifier: 0BSD' $T/dyngen/dyngen*.h "
                  "$T/dyngen/symbols/* $T/dyngen/example/*");
}
END_TEST

/* --- installed --- */

static void empty_folder(void)
{
    enter_folder();
    in_folder("", "rm *");
}

/* The library goes into programs of all kinds. */
static const char *const linkers[] = {"gcc -no-pie -x c", "gcc -pie -fpie -x c",
                                      "clang-19 -static -x c", "g++ -std=c++17 -x c++",
                                      "clang++-19 -std=c++17 -x c++"};

/* Of a build as this one is. */
#define TEXT_OF(value)  #value
#define VALUE_OF(macro) TEXT_OF(macro)
#define MAKE            "make -s -C $T HOST_ASM=" VALUE_OF(HOST_ASM) " B=%s "

/* The example, built where only what was installed can be found. */
START_TEST(example)
{
    in_folder("", MAKE "install-dyngen PREFIX=$PWD/there", BUILD);
    in_folder("13\n", "cp -r there/share/doc/dyngen/example .; cd example; "
                      "PKG_CONFIG_PATH=../there/lib/pkgconfig make -s; ./calc '(1+2)*3 - -4'");
    in_folder("#1 in power\n#2 in run\n#3 main\n#0 in power\n#1 in run\n#2 main\n",
              "gdb -q -nx -batch -ex 'break calc_power' -ex run -ex bt -ex finish -ex bt -ex kill "
              "--args example/calc '1 + (1+2)^3' 2>&1 </dev/null | sed -n "
              "'s/^\\(#[0-9]\\)  *\\(0x[0-9a-f]* \\)*\\(in \\)*\\(power\\|run\\|main\\) (.*/"
              "\\1 \\3\\4/p'");
    in_folder("", "for option in $(PKG_CONFIG_PATH=there/lib/pkgconfig pkg-config "
                  "--variable=op_cflags dyngen); do grep -q -e $option "
                  "there/share/doc/dyngen/README || echo $option; done");
    in_folder("dyngen 1.0 (Tessera)\n1.0\n",
              "there/bin/dyngen --version; PKG_CONFIG_PATH=there/lib/"
              "pkgconfig pkg-config --modversion dyngen");
    in_folder("", MAKE "uninstall-dyngen PREFIX=$PWD/there", BUILD);
    in_folder("", "find there -type f");
}
END_TEST

START_TEST(symbols)
{
    in_folder("", MAKE "install-dyngen PREFIX=$PWD/there; cp $T/tests/dyngen/outside/symbols.c .",
              BUILD);
    for (size_t i = 0; i < sizeof linkers / sizeof *linkers; i++)
        in_folder("right\n",
                  "export PKG_CONFIG_PATH=there/lib/pkgconfig; %s " STRICT
                  "$(pkg-config --cflags dyngen) symbols.c $(pkg-config --libs dyngen) "
                  "-o symbols; ./symbols; rm jit-*.dump 2>&- || true",
                  linkers[i]);
}
END_TEST

START_TEST(staged)
{
    in_folder("", MAKE "install-dyngen DESTDIR=$PWD/stage PREFIX=/usr", BUILD);
    in_folder("stage\n", "ls");
    in_folder("stage/usr\n", "echo stage/*");
    in_folder("COPYING\nLICENSE\nREADME\nexample\n", "LC_ALL=C ls stage/usr/share/doc/dyngen");
    in_folder("prefix=/usr\n",
              "grep ^prefix stage/usr/lib/pkgconfig/dyngen.pc; ! grep -r stage stage");
    in_folder("", MAKE "uninstall-dyngen DESTDIR=$PWD/stage PREFIX=/usr", BUILD);
    in_folder("", "find stage -type f");
}
END_TEST

/* Tessera and dyngen, for a package; what is not theirs alone stays. */
START_TEST(all_of_it)
{
    in_folder("", MAKE "install DESTDIR=$PWD/stage PREFIX=/usr", BUILD);
    in_folder("bin/dyngen\nbin/tessera\ninclude/dyngen.h\ninclude/dyngen_symbols.h\n"
              "include/dyngen_x86_64.h\n"
              "lib/libdyngen.a\nlib/pkgconfig/dyngen.pc\nshare/doc/tessera/COPYING\n"
              "share/doc/tessera/README\nshare/doc/tessera/RESULTS\nshare/man/man1/dyngen.1\n"
              "share/man/man1/tessera.1\n",
              "cd stage/usr; find . -type f ! -path '*/doc/dyngen/*' | cut -c 3- | LC_ALL=C sort");
    in_folder("3\n", "v=$(stage/usr/bin/tessera -version | sed -n '1s/tessera //p'); "
                     "[ \"$(stage/usr/bin/dyngen --version)\" = \"dyngen $v (Tessera)\" ]; "
                     "grep -l -e \"^Version: $v\\$\" -e \"^.TH .*Tessera $v\\\"\" "
                     "stage/usr/share/man/man1/* stage/usr/lib/pkgconfig/* | wc -l");
    in_folder("", "touch stage/usr/bin/other; find stage -type f ! -perm -444");
    in_folder("", MAKE "uninstall DESTDIR=$PWD/stage PREFIX=/usr", BUILD);
    in_folder("stage/usr/bin/other\n",
              "find stage -type f -o -name '*tessera*' -o -name '*dyngen*'");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("dyngen outside");
    TCase *output = tcase_create("output");
    tcase_set_timeout(output, 300);
    tcase_add_checked_fixture(output, enter_folder, leave_folder);
    tcase_add_loop_test(output, c, 0, sizeof compilers / sizeof *compilers);
    tcase_add_loop_test(output, cxx, 0, sizeof cxx_compilers / sizeof *cxx_compilers);
    tcase_add_loop_test(output, cxx_and_c, 0, sizeof cxx_compilers / sizeof *cxx_compilers);
    tcase_add_test(output, link_time_optimization);
    tcase_add_test(output, pie);
    tcase_add_test(output, two_sets);
    tcase_add_test(output, without_emitters);
    tcase_add_test(output, bad_prefixes);
    tcase_add_loop_test(output, readme, 0, sizeof op_compilers / sizeof *op_compilers);
    tcase_add_test(output, licence);
    suite_add_tcase(s, output);
    TCase *installed = tcase_create("installed");
    tcase_set_timeout(installed, 300);
    tcase_add_checked_fixture(installed, empty_folder, leave_folder);
    tcase_add_test(installed, example);
    tcase_add_test(installed, symbols);
    tcase_add_test(installed, staged);
    tcase_add_test(installed, all_of_it);
    suite_add_tcase(s, installed);
    return s;
}

TEST_MAIN(suite)
