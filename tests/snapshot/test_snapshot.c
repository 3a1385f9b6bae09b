/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snapshots: what they hold, their files, disks, names; guests that go on in another engine. */
#include "tests/snapshot/stage.h"

#include <stdlib.h>

int main(void)
{
    SRunner *runner = srunner_create(state_suite());
    srunner_add_suite(runner, file_suite());
    srunner_add_suite(runner, snapshot_disk_suite());
    srunner_add_suite(runner, store_suite());
    srunner_add_suite(runner, snapshot_guest_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
