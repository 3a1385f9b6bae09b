/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Work for the processor, each with a result known beforehand. Together they use what a
 * translator can get wrong: arithmetic flags, calls, tables, x87, block moves, software
 * interrupts, faults that map a page, and code that is written and then run.
 */
#include "guest.h"

enum { BUFFER = 1 << 20 };
static u8 buffer[BUFFER + 16];
static u8 other[BUFFER + 16];

static u32 random_state;

static u32 random(void)
{
    random_state = random_state * 1664525 + 1013904223;
    return random_state >> 8;
}

static void fill(void)
{
    random_state = 1;
    for (u32 i = 0; i < BUFFER; i++)
        buffer[i] = (u8)random();
}

static u32 fibonacci(u32 n)
{
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

static u32 calls(void)
{
    return fibonacci(27);
}

/* The number of primes below 2^20. */
static u32 sieve(void)
{
    u32 count = 0;
    memset(buffer, 1, BUFFER);
    for (u32 i = 2; i < BUFFER; i++) {
        if (!buffer[i])
            continue;
        count++;
        for (u32 j = i * 2; j < BUFFER; j += i)
            buffer[j] = 0;
    }
    return count;
}

/* CRC-32 (IEEE 802.3), bit by bit. */
static u32 crc(void)
{
    u32 value = ~0u;
    fill();
    for (u32 i = 0; i < BUFFER / 4; i++) {
        value ^= buffer[i];
        for (int bit = 0; bit < 8; bit++)
            value = value >> 1 ^ (value & 1 ? 0xedb88320 : 0);
    }
    return ~value;
}

static bool less(u32 a, u32 b)
{
    return a < b;
}

static bool greater(u32 a, u32 b)
{
    return a > b;
}

static void shell_sort(u32 *data, u32 count, bool (*before)(u32, u32))
{
    for (u32 gap = count / 2; gap; gap /= 2)
        for (u32 i = gap; i < count; i++) {
            u32 value = data[i];
            u32 j = i;
            for (; j >= gap && before(value, data[j - gap]); j -= gap)
                data[j] = data[j - gap];
            data[j] = value;
        }
}

/* Sorts 50000 numbers up, then down; a sum that depends on each one's place. */
static u32 sort(void)
{
    u32 *data = (u32 *)buffer;
    u32 count = 50000;
    u32 sum = 0;
    fill();
    bool (*const orders[])(u32, u32) = {less, greater};
    for (int order = 0; order < 2; order++) {
        shell_sort(data, count, orders[order]);
        for (u32 i = 0; i < count; i++)
            sum = sum * 31 + data[i];
    }
    return sum;
}

/* pi * 10^9 by the arctangent's integral, and sums of roots; all in x87 registers. */
static u32 x87(void)
{
    enum { STEPS = 200000 };
    double pi = 0;
    double roots = 0;
    for (int i = 0; i < STEPS; i++) {
        double x = (i + 0.5) / STEPS;
        double root;
        pi += 4 / (1 + x * x);
        __asm__("fsqrt" : "=t"(root) : "0"(x));
        roots += root;
    }
    return (u32)(pi / STEPS * 1e9) ^ (u32)roots;
}

/* Block moves of all three widths, forwards and backwards. */
static u32 copy(void)
{
    u32 sum = 0;
    fill();
    for (u32 round = 0; round < 8; round++) {
        void *d = other;
        const void *s = buffer;
        u32 n = BUFFER / 4;
        __asm__ volatile("rep movsl" : "+D"(d), "+S"(s), "+c"(n) : : "memory");
        d = buffer + 2;
        s = other;
        n = BUFFER / 2;
        __asm__ volatile("rep movsw" : "+D"(d), "+S"(s), "+c"(n) : : "memory");
        memmove(buffer + 1, buffer, BUFFER);
        sum = sum * 31 + *(u32 *)(buffer + BUFFER / 2);
    }
    return sum;
}

/* 64-bit products and quotients: MUL, ADC, DIV. */
static u32 wide(void)
{
    u64 value = 1;
    for (u32 i = 1; i < 200000; i++) {
        u32 rest;
        value = value * 6364136223846793005u + i;
        value ^= divide(value, (i | 1) * 7, &rest);
        value += rest;
    }
    return (u32)(value >> 32) ^ (u32)value;
}

/* A machine of a few byte codes, so that one jump has many targets. */
static u32 bytecode(void)
{
    u32 stack = 0;
    u32 count = 0;
    fill();
    for (u32 i = 0; i < BUFFER; i++)
        switch (buffer[i] & 15) {
        case 0:
            stack += i;
            break;
        case 1:
            stack ^= count;
            break;
        case 2:
            stack = stack << 3 | stack >> 29;
            break;
        case 3:
            count++;
            break;
        case 4:
            stack -= count;
            break;
        case 5:
            stack = ~stack;
            break;
        case 6:
            stack *= 5;
            break;
        case 7:
            stack &= ~count;
            break;
        case 8:
            stack |= i & 0xff;
            break;
        case 9:
            stack = stack >> 1;
            break;
        case 10:
            stack = (u32) - (int)stack;
            break;
        case 11:
            count += stack & 7;
            break;
        case 12:
            stack = (u8)stack + (stack & ~0xffu);
            break;
        case 13:
            stack = (stack & 0xffff) * 3;
            break;
        case 14:
            stack += 0x9e3779b9;
            break;
        default:
            stack ^= stack >> 15;
            break;
        }
    return stack + count;
}

static u32 interrupts(void)
{
    u32 before = software_interrupts;
    for (u32 i = 0; i < 50000; i++)
        __asm__ volatile("int $0x30" : : : "memory");
    return software_interrupts - before;
}

/* Each touch of a lazy page faults; the handler maps one of 16 frames there. */
static u32 faults(void)
{
    u32 sum = 0;
    for (u32 round = 0; round < 8; round++) {
        for (u32 i = 0; i < LAZY_PAGES; i++)
            *(volatile u32 *)(LAZY_BASE + i * 4096) = i * round;
        for (u32 i = 0; i < LAZY_PAGES; i++)
            sum += *(volatile u32 *)(LAZY_BASE + i * 4096);
        sum += paging_forget_lazy();
    }
    return sum;
}

/* Writes `mov $i, %eax; add $7, %eax; ret` and calls it, each time with another i. */
static u32 code(void)
{
    u32 sum = 0;
    u8 *at = buffer;
    for (u32 i = 0; i < 5000; i++) {
        static const u8 body[] = {0xb8, 0, 0, 0, 0, 0x83, 0xc0, 7, 0xc3};
        memcpy(at, body, sizeof(body));
        memcpy(at + 1, &i, sizeof(i));
        u32 (*function)(void) = (u32(*)(void))at;
        sum += function();
    }
    return sum;
}

static const struct workload {
    const char *name;
    const char *about;
    u32 (*run)(void);
    u32 expected;
} workloads[] = {
    {"calls", "recursive Fibonacci numbers", calls, 196418},
    {"sieve", "primes below 2^20", sieve, 82025},
    {"crc", "CRC-32 bit by bit", crc, 0x7a2a4572},
    {"sort", "shell sort by two functions", sort, 0x9e5f3ba0},
    {"x87", "pi and square roots", x87, 0xbb42ee98},
    {"copy", "block moves", copy, 0x6b89049c},
    {"wide", "64-bit arithmetic", wide, 0x74bdcee4},
    {"bytecode", "a jump table", bytecode, 0xadb07370},
    {"int", "software interrupts", interrupts, 50000},
    {"faults", "pages mapped when touched", faults, 0x01bc6800},
    {"code", "code written and then run", code, 12532500},
};
enum { WORKLOADS = sizeof(workloads) / sizeof(*workloads) };

static bool run(const struct workload *w)
{
    u64 start = time_us();
    u32 result = w->run();
    u32 us = (u32)(time_us() - start);
    bool right = result == w->expected;
    print("  %-10s %5u.%03u ms  %08x %s\n", w->name, us / 1000, us % 1000, result,
          right ? "ok" : "WRONG");
    return right;
}

bool workloads_run(const char *name)
{
    bool all = text_equal(name, "all");
    u32 done = 0;
    u32 wrong = 0;
    for (u32 i = 0; i < WORKLOADS; i++)
        if (all || text_equal(name, workloads[i].name)) {
            done++;
            wrong += !run(&workloads[i]);
        }
    if (all)
        print("%u workloads, %u wrong\n", done, wrong);
    return done > 0;
}

void workloads_list(void)
{
    for (u32 i = 0; i < WORKLOADS; i++)
        print("  %-10s %s\n", workloads[i].name, workloads[i].about);
}
