/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzz targets: each takes any bytes, and fails by crashing, hanging or abort(). They are run by
 * libFuzzer (`make fuzz-decoder` and its like, one program a target, found by -DFUZZ=fuzz_NAME),
 * and over the bytes in tests/fuzz/corpus/NAME by the tests (replay.c).
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Guest bytes decoded and made into each engine's code, which is not run. */
void fuzz_decoder(const uint8_t *bytes, size_t size);
/* Guest bytes run by one of the engines, or by two in lockstep. */
void fuzz_guest(const uint8_t *bytes, size_t size);
/* The chipset without the cpu: accesses, time, input. */
void fuzz_devices(const uint8_t *bytes, size_t size);
/* El Torito's boot catalogs and option ROMs, as our BIOS reads them. */
void fuzz_firmware(const uint8_t *bytes, size_t size);
/* What a browser sends to -display web. */
void fuzz_http(const uint8_t *bytes, size_t size);
/* A PowerPC's kernel, or a device tree for it. */
void fuzz_image(const uint8_t *bytes, size_t size);
/* A kernel, an initial RAM disk or a BIOS, loaded. */
void fuzz_loader(const uint8_t *bytes, size_t size);
/* A command line, parsed. */
void fuzz_options(const uint8_t *bytes, size_t size);
/* The devices of -M ppce500: accesses, time, input. */
void fuzz_ppce500(const uint8_t *bytes, size_t size);
/* What drivers put into the queues of virtio devices. */
void fuzz_virtio(const uint8_t *bytes, size_t size);

struct devices;
/*
 * Their state as somebody has changed it in a snapshot's file, to whom its checksum is no obstacle:
 * false if it is refused. Takes off the front how.
 */
bool fuzz_restore_forged(struct devices *devices, const uint8_t **bytes, size_t *left);
/* Whatever state they are in can be saved, and is the same when it has been restored; or aborts. */
void fuzz_check_state(struct devices *devices);

struct fake_net;
/* Takes up to `size` bytes off the front, as a frame that comes to a card, if a card is there. */
void fuzz_give_frame(struct fake_net *net, size_t size, const uint8_t **bytes, size_t *left);

/* Takes up to n bytes off the front, as a little-endian number; what is not there is 0. */
uint32_t fuzz_take(const uint8_t **bytes, size_t *size, unsigned n);

#endif
