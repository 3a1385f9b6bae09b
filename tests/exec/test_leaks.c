/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a test's process, where leaks are looked for (tests/leaks.h). */
#include "tests/exec/fake_cpu.h"
#include "tests/leaks.h"
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* It finds in its page tables nearly all that LeakSanitizer reads. */
START_TEST(test_few_page_faults)
{
    size_t looked_at = 0;
    int status;
    struct rusage usage;

    dl_iterate_phdr(leaks_of_module, &looked_at);
    pid_t child = fork();
    if (child == 0)
        exit(0);
    ck_assert(child > 0);
    ck_assert_int_eq(wait4(child, &status, 0, &usage), child);
    ck_assert_int_eq(status, 0);
    ck_assert_msg((size_t)usage.ru_minflt < looked_at / LEAKS_PAGE / 4,
                  "%ld page faults, %zu pages", usage.ru_minflt, looked_at / LEAKS_PAGE);
}
END_TEST

Suite *leaks_suite(void)
{
    Suite *suite = suite_create("leaks");
    TCase *tests = tcase_create("leaks");
    tcase_add_test(tests, test_few_page_faults);
    suite_add_tcase(suite, tests);
    return suite;
}
