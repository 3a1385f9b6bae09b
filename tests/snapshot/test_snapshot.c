/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snapshots: what they hold, their files, disks, names; guests that go on in another engine. */
#include "tests/snapshot/stage.h"
#include "tests/suites.h"

#include <stdlib.h>

TEST_MAIN(state_suite, file_suite, snapshot_disk_suite, store_suite, difference_suite, older_suite,
          snapshot_guest_suite)
