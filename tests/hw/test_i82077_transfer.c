/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The floppy disk controller by Intel's data sheet: commands that move data. */
#include "tests/hw/i82077_fixture.h"

#include "exec/memory.h"

#include <errno.h>

/* --- reading --- */

START_TEST(reads_a_sector)
{
    fdc_seek(3);
    fdc_dma_in(512);
    SEND("\xe6\x04\x03\x01\x05\x02\x12\x1b\xff");
    ck_assert_uint_eq(fdc_in(STATUS), 0x10);
    fdc_let_run();
    ck_assert(fdc_irq.level);
    EXPECT("\x04\x00\x00\x03\x01\x06\x02");
    ck_assert(!fdc_irq.level);
    fdc_expect_memory((3 * 2 + 1) * TRACK + 4, 512);
}
END_TEST

/* From one side to the other; what follows the last is on the next cylinder. */
START_TEST(reads_both_sides)
{
    fdc_dma_in(36 * 512);
    SEND("\xc6\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x04\x00\x00\x01\x00\x01\x02");
    fdc_expect_memory(0, 36 * 512);
    fdc_dma_in(2 * 512);
    SEND("\xc6\x00\x00\x00\x12\x02\x12\x1b\xff");
    EXPECT("\x04\x00\x00\x00\x01\x02\x02");
    fdc_expect_memory(17, 1024);
}
END_TEST

START_TEST(partly_read)
{
    fdc_dma_in(100);
    SEND("\x46\x00\x00\x00\x12\x02\x12\x1b\xff");
    EXPECT("\x00\x00\x00\x01\x00\x01\x02");
    fdc_expect_memory(17, 100);
    ck_assert_uint_eq(memory_read(fdc_memory, BUFFER + 100, 4), 0);
}
END_TEST

/* Without a terminal count the end of the track is an error. */
START_TEST(end_of_cylinder)
{
    fdc_dma_in(4 * 512);
    SEND("\x46\x00\x00\x00\x11\x02\x12\x1b\xff");
    EXPECT("\x40\x80\x00\x01\x00\x01\x02");
    fdc_expect_memory(16, 1024);
}
END_TEST

START_TEST(sectors_that_are_not_there)
{
    fdc_dma_in(512);
    SEND("\x46\x00\x00\x00\x13\x02\x13\x1b\xff"); /* 19 of 18 */
    EXPECT("\x40\x04\x00\x00\x00\x13\x02");
    SEND("\x46\x00\x01\x00\x01\x02\x12\x1b\xff"); /* the head is elsewhere */
    EXPECT("\x40\x04\x10\x01\x00\x01\x02");
    SEND("\x46\x00\x00\x01\x01\x02\x12\x1b\xff"); /* the other side's ID */
    EXPECT("\x40\x04\x00\x00\x01\x01\x02");
    SEND("\x46\x00\x00\x00\x01\x03\x12\x1b\xff"); /* 1024 bytes */
    EXPECT("\x40\x04\x00\x00\x00\x01\x02");
    SEND("\x06\x00\x00\x00\x01\x02\x12\x1b\xff"); /* FM */
    EXPECT("\x40\x01\x00\x00\x00\x01\x02");
    fdc_set_rate(RATE_250K);
    SEND("\x46\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x40\x01\x00\x00\x00\x01\x02");
    fdc_set_rate(RATE_500K);
    fdc_out(DOR, 0x0c); /* the motor is off */
    SEND("\x46\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x40\x01\x00\x00\x00\x01\x02");
    fdc_out(DOR, 0x1c);
    SEND("\x46\x01\x00\x00\x01\x02\x12\x1b\xff"); /* no such drive */
    EXPECT("\x41\x01\x00\x00\x00\x01\x02");
}
END_TEST

START_TEST(errors_of_the_host)
{
    fdc_disk.error = EIO;
    fdc_dma_in(512);
    SEND("\x46\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x40\x20\x20\x00\x00\x01\x02");
    fdc_dma_out(512);
    fdc_disk.error = ENOSPC;
    SEND("\x45\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x40\x20\x20\x00\x00\x01\x02");
}
END_TEST

START_TEST(implied_seek)
{
    SEND("\x13\x00\x67\x00");
    fdc_dma_in(512);
    SEND("\x46\x00\x14\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x00\x00\x00\x14\x00\x02\x02");
    fdc_expect_memory(20 * 36, 512);
    SEND("\x0e");
    EXPECT("\x14\x00\x00\x00\x00\x00\x12\x00\x67\x00");
}
END_TEST

/* As Bochs's BIOS reads: without a seek, with the data rate that the reset has left. */
START_TEST(lenient)
{
    static const char command[] = "\x46\x00\x14\x00\x01\x02\x12\x1b\xff";
    fdc_set_rate(RATE_250K);
    fdc_dma_in(512);
    SEND(command);
    EXPECT("\x40\x01\x00\x14\x00\x01\x02");
    fdc.lenient = true;
    SEND(command);
    EXPECT("\x00\x00\x00\x14\x00\x02\x02");
    fdc_expect_memory(20 * 36, 512);
}
END_TEST

START_TEST(reads_ids)
{
    bool seen[TRACK + 1] = {false};
    fdc_seek(9);
    for (unsigned i = 0; i < 500; i++) {
        SEND("\x4a\x04");
        fdc_let_run();
        ck_assert(fdc_irq.level);
        ck_assert_uint_eq(fdc_in(FIFO), 4);
        for (unsigned k = 0; k < 2; k++)
            ck_assert_uint_eq(fdc_in(FIFO), 0);
        ck_assert_uint_eq(fdc_in(FIFO), 9);
        ck_assert_uint_eq(fdc_in(FIFO), 1);
        unsigned r = fdc_in(FIFO);
        ck_assert_uint_ge(r, 1);
        ck_assert_uint_le(r, TRACK);
        seen[r] = true;
        ck_assert_uint_eq(fdc_in(FIFO), 2);
        advance(fdc_timers, 7 * NS_PER_MS);
    }
    for (unsigned r = 1; r <= TRACK; r++)
        ck_assert(seen[r]);
    ck_assert(i82077_change(&fdc, 0, NULL));
    SEND("\x4a\x00");
    EXPECT("\x40\x01\x00\x00\x00\x00\x02");
}
END_TEST

START_TEST(reads_a_track)
{
    fdc_dma_in(18 * 512);
    SEND("\x42\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x00\x00\x00\x01\x00\x01\x02");
    fdc_expect_memory(0, 18 * 512);
    fdc_dma_in(18 * 512);
    SEND("\x42\x00\x00\x00\x07\x02\x02\x1b\xff"); /* two, from the index hole on; not number 7 */
    fdc_let_run();
    ck_assert_uint_eq(fdc_in(FIFO), 0);
    ck_assert_uint_eq(fdc_in(FIFO), 4);
    for (unsigned i = 0; i < 5; i++)
        fdc_in(FIFO);
    fdc_expect_memory(0, 1024);
}
END_TEST

START_TEST(verifies)
{
    SEND("\x56\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x00\x00\x00\x01\x00\x01\x02");
    ck_assert_uint_eq(fdc_disk.done, 18);
    SEND("\xd6\x80\x00\x00\x10\x02\x12\x1b\x05"); /* five sectors, over both sides */
    EXPECT("\x04\x00\x00\x00\x01\x03\x02");
    ck_assert_uint_eq(fdc_disk.done, 23);
    fdc_disk.error = EIO;
    SEND("\x56\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x40\x20\x20\x00\x00\x01\x02");
}
END_TEST

/* --- writing --- */

static void fill_memory(unsigned count, uint8_t from)
{
    for (unsigned i = 0; i < count; i++)
        memory_write(fdc_memory, BUFFER + i, (uint8_t)(from + i * 7), 1);
}

START_TEST(writes)
{
    fill_memory(1024, 3);
    fdc_dma_out(1024);
    fdc_seek(79);
    SEND("\x45\x04\x4f\x01\x11\x02\x12\x1b\xff");
    EXPECT("\x04\x00\x00\x50\x01\x01\x02");
    fdc_expect_memory(2878, 1024);
    fdc_image[2878 * 512 + 600] = 0x55;
    fdc_dma_out(10); /* the rest of the sector is zeros */
    SEND("\x45\x04\x4f\x01\x12\x02\x12\x1b\xff");
    EXPECT("\x04\x00\x00\x50\x01\x01\x02");
    fdc_expect_memory(2879, 10);
    for (unsigned i = 10; i < 512; i++)
        ck_assert_uint_eq(fdc_image[2879 * 512 + i], 0);
}
END_TEST

START_TEST(write_protection)
{
    uint8_t before = fdc_image[0];
    fdc_disk.disk.read_only = true;
    fdc_dma_out(512);
    SEND("\x45\x00\x00\x00\x01\x02\x12\x1b\xff");
    EXPECT("\x40\x02\x00\x00\x00\x01\x02");
    SEND("\x4d\x00\x02\x12\x54\xf6");
    fdc_let_run();
    ck_assert_uint_eq(fdc_in(FIFO), 0x40);
    ck_assert_uint_eq(fdc_in(FIFO), 0x02);
    for (unsigned i = 0; i < 5; i++)
        fdc_in(FIFO);
    SEND("\x04\x00");
    EXPECT("\x78");
    ck_assert_uint_eq(fdc_image[0], before);
}
END_TEST

START_TEST(deleted_data)
{
    fill_memory(512, 9);
    fdc_dma_out(512);
    SEND("\x49\x00\x00\x00\x02\x02\x12\x1b\xff");
    EXPECT("\x00\x00\x00\x00\x00\x03\x02");
    fdc_dma_in(3 * 512);
    SEND("\x46\x00\x00\x00\x01\x02\x12\x1b\xff"); /* ends behind it */
    EXPECT("\x00\x00\x40\x00\x00\x03\x02");
    fdc_dma_in(2 * 512);
    SEND("\x66\x00\x00\x00\x01\x02\x12\x1b\xff"); /* skips it */
    EXPECT("\x00\x00\x40\x00\x00\x04\x02");
    for (unsigned i = 0; i < 512; i++)
        ck_assert_uint_eq(memory_read(fdc_memory, BUFFER + 512 + i, 1), fdc_image[2 * 512 + i]);
    fdc_dma_in(512);
    SEND("\x6c\x00\x00\x00\x01\x02\x12\x1b\xff"); /* skips the others */
    EXPECT("\x00\x00\x40\x00\x00\x03\x02");
    fdc_expect_memory(1, 512);
    fdc_dma_out(512);
    SEND("\x45\x00\x00\x00\x02\x02\x12\x1b\xff"); /* data again */
    EXPECT("\x00\x00\x00\x00\x00\x03\x02");
    fdc_dma_in(512);
    SEND("\x46\x00\x00\x00\x02\x02\x12\x1b\xff");
    EXPECT("\x00\x00\x00\x00\x00\x03\x02");
}
END_TEST

static void fill_ids(uint8_t cylinder, uint8_t head, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint32_t r = (i * 2) % count + (i >= count / 2) + 1; /* interleaved */
        memory_write(fdc_memory, BUFFER + 4 * i, cylinder | head << 8 | r << 16 | 2u << 24, 4);
    }
}

START_TEST(formats)
{
    uint8_t before = fdc_image[(5 * 2 + 1) * TRACK * 512 - 1];
    fdc_seek(5);
    fill_ids(5, 1, TRACK);
    fdc_dma_out(4 * TRACK);
    SEND("\x4d\x04\x02\x12\x54\xf6");
    fdc_let_run();
    ck_assert_uint_eq(fdc_in(FIFO), 0x04);
    for (unsigned i = 0; i < 6; i++)
        fdc_in(FIFO);
    for (unsigned i = 0; i < TRACK * 512; i++)
        ck_assert_uint_eq(fdc_image[(5 * 2 + 1) * TRACK * 512 + i], 0xf6);
    ck_assert_uint_eq(fdc_image[(5 * 2 + 1) * TRACK * 512 - 1], before);
    SEND("\x0e");
    EXPECT("\x05\x00\x00\x00\x00\x00\x12\x00\x20\x00");
    memory_write(fdc_memory, BUFFER, 0x02090105, 4);     /* sector 9 */
    memory_write(fdc_memory, BUFFER + 4, 0x02130105, 4); /* no image can have number 19 */
    fdc_dma_out(8);
    SEND("\x4d\x04\x02\x02\x54\x00");
    EXPECT("\x44\x04\x00\x05\x01\x13\x02");
    ck_assert_uint_eq(fdc_image[((5 * 2 + 1) * TRACK + 8) * 512], 0);
}
END_TEST

/* --- scanning --- */

static void copy_to_memory(unsigned sector, unsigned count)
{
    memory_copy_in(fdc_memory, BUFFER, fdc_image + sector * 512, count);
}

START_TEST(scans)
{
    copy_to_memory(2, 512);
    fdc_set_up_dma(0x58, 512); /* the same again and again */
    fdc.done = false;
    SEND("\x51\x00\x00\x00\x03\x02\x12\x1b\x01");
    EXPECT("\x00\x00\x08\x00\x00\x04\x02");
    memory_write(fdc_memory, BUFFER + 5, (fdc_image[2 * 512 + 5] + 1u) & 0xff, 1);
    fdc_dma_out(512);
    SEND("\x51\x00\x00\x00\x03\x02\x03\x1b\x01");
    EXPECT("\x00\x00\x04\x01\x00\x01\x02");
    memory_write(fdc_memory, BUFFER + 5, 0xff, 1); /* which fits everything */
    fdc_dma_out(512);
    SEND("\x51\x00\x00\x00\x03\x02\x03\x1b\x01");
    EXPECT("\x00\x00\x08\x01\x00\x01\x02");
    fdc_image[2 * 512] = 0x80;
    memory_write(fdc_memory, BUFFER, 0x81, 1);
    fdc_dma_out(512);
    SEND("\x59\x00\x00\x00\x03\x02\x03\x1b\x01"); /* low or equal */
    EXPECT("\x00\x00\x00\x01\x00\x01\x02");
    fdc_dma_out(512);
    SEND("\x5d\x00\x00\x00\x03\x02\x03\x1b\x01"); /* high or equal */
    EXPECT("\x00\x00\x04\x01\x00\x01\x02");
}
END_TEST

/* --- without DMA --- */

START_TEST(byte_by_byte)
{
    SEND("\x03\xaf\x03");
    SEND("\x46\x00\x00\x00\x12\x02\x12\x1b\xff");
    ck_assert_uint_eq(fdc_in(STATUS), 0x30);
    fdc_let_run();
    unsigned rises = fdc_irq.rises;
    for (unsigned i = 0; i < 512; i++) {
        ck_assert_uint_eq(fdc_in(STATUS), 0xf0);
        ck_assert(fdc_irq.level);
        ck_assert_uint_eq(fdc_in(FIFO), fdc_image[17 * 512 + i]);
    }
    ck_assert(!fdc_irq.level);
    ck_assert_uint_eq(fdc_irq.rises - rises, 511);
    EXPECT("\x40\x80\x00\x01\x00\x01\x02"); /* nobody tells it to stop */
    SEND("\x13\x00\x07\x00");               /* a FIFO of eight bytes */
    SEND("\x45\x00\x00\x00\x12\x02\x12\x1b\xff");
    fdc_let_run();
    rises = fdc_irq.rises;
    for (unsigned i = 0; i < 512; i++) {
        ck_assert_uint_eq(fdc_in(STATUS), 0xb0);
        fdc_out(FIFO, (uint8_t)(i * 3));
    }
    ck_assert_uint_eq(fdc_irq.rises - rises, 512 / 8 - 1);
    EXPECT("\x40\x80\x00\x01\x00\x01\x02");
    for (unsigned i = 0; i < 512; i++)
        ck_assert_uint_eq(fdc_image[17 * 512 + i], (uint8_t)(i * 3));
}
END_TEST

Suite *i82077_transfer_suite(void)
{
    Suite *suite = suite_create("i82077 transfer");
    TCase *c = tcase_create("i82077 transfer");
    tcase_add_checked_fixture(c, fdc_setup, fdc_teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, reads_a_sector);
    tcase_add_test(c, reads_both_sides);
    tcase_add_test(c, partly_read);
    tcase_add_test(c, end_of_cylinder);
    tcase_add_test(c, sectors_that_are_not_there);
    tcase_add_test(c, errors_of_the_host);
    tcase_add_test(c, implied_seek);
    tcase_add_test(c, lenient);
    tcase_add_test(c, reads_ids);
    tcase_add_test(c, reads_a_track);
    tcase_add_test(c, verifies);
    tcase_add_test(c, writes);
    tcase_add_test(c, write_protection);
    tcase_add_test(c, deleted_data);
    tcase_add_test(c, formats);
    tcase_add_test(c, scans);
    tcase_add_test(c, byte_by_byte);
    suite_add_tcase(suite, c);
    return suite;
}
