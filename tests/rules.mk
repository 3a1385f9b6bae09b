# SPDX-License-Identifier: GPL-3.0-or-later
# `make check`: every test program, then lint; all of them run, whatever fails.

# For recipes that link a Check runner; asks pkg-config only when one is run.
CHECK_LIBS = $$(pkg-config --libs check)

GUEST_TEST_SRCS := $(wildcard tests/guests/*.c)
GUEST_TEST      := $(B)/tests/test_guests
TESTS           += $(GUEST_TEST)

$(GUEST_TEST): $(GUEST_TEST_SRCS:%.c=$(B)/%.o) | $(B)/guest/tessera-guest.elf
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) $(GUEST_TEST_SRCS:%.c=$(B)/%.o) -o $@ $(CHECK_LIBS) -lutil

.PHONY: check tests lint
tests: all $(GUEST_TEST)
	@$(MAKE) --no-print-directory $(TESTS)

check: deps
	@$(MAKE) --no-print-directory tests
	@failed=; \
	for test in $(TESTS); do \
	    echo "== $$test"; \
	    CK_VERBOSITY=normal $$test || failed="$$failed $$test"; \
	done; \
	echo "== lint"; \
	tools/lint.sh $(B) || failed="$$failed lint"; \
	if [ -n "$$failed" ]; then echo "make check: failed:$$failed" >&2; exit 1; fi; \
	echo "make check: passed"

lint:
	@$(MAKE) --no-print-directory all
	@tools/lint.sh $(B)
