/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels of arithmetic and control flow. */
#include "kernels.h"

/* Shifts and flags. */
u32 crc(u32 scale)
{
    u32 value = ~0u;
    for (u32 i = 0; i < scale * 200000; i++) {
        value ^= i & 0xff;
        for (int bit = 0; bit < 8; bit++)
            value = value >> 1 ^ (0xedb88320 & (0 - (value & 1)));
    }
    return ~value;
}

/* 64-bit multiply-add: MUL, ADD, ADC. */
u32 multiply_add(u32 scale)
{
    u64 a = 1;
    u64 b = 7;
    for (u32 i = 0; i < scale * 400000; i++) {
        a = a * 6364136223846793005u + b;
        b += a >> 17;
    }
    return (u32)(a ^ a >> 32) + (u32)b;
}

static u32 common_divisor(u32 a, u32 b)
{
    while (b) {
        u32 rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

u32 divide(u32 scale)
{
    u32 seed = 1;
    u32 sum = 0;
    for (u32 i = 0; i < scale * 20000; i++)
        sum += common_divisor(next_random(&seed) + 1, next_random(&seed) + 1);
    return sum;
}

enum opcode { PUSH, ADD, SUBTRACT, DUPLICATE, SWAP, MULTIPLY, XOR, LOAD, STORE, LOOP, HALT };

/* A jump table: one dispatch with many targets. */
static u32 run_bytecode(const u8 *code, u32 count)
{
    u32 stack[16] = {0};
    u32 variables[4] = {count, 1, 0, 0};
    u32 *top = stack;
    for (const u8 *at = code;;) {
        switch ((enum opcode) * at++) {
        case PUSH:
            *++top = *at++;
            break;
        case ADD:
            top--;
            top[0] += top[1];
            break;
        case SUBTRACT:
            top--;
            top[0] -= top[1];
            break;
        case DUPLICATE:
            top[1] = top[0];
            top++;
            break;
        case SWAP: {
            u32 t = top[0];
            top[0] = top[-1];
            top[-1] = t;
            break;
        }
        case MULTIPLY:
            top--;
            top[0] *= top[1];
            break;
        case XOR:
            top--;
            top[0] ^= top[1];
            break;
        case LOAD:
            *++top = variables[*at++ & 3];
            break;
        case STORE:
            variables[*at++ & 3] = *top--;
            break;
        case LOOP:
            at++;
            if (--variables[0])
                at -= at[-1];
            break;
        default:
            return variables[1] + variables[2];
        }
    }
}

u32 bytecode(u32 scale)
{
    static const u8 code[] = {
        LOAD, 1,    PUSH, 31,   MULTIPLY, PUSH,      17,       ADD,   DUPLICATE, STORE, 1,  LOAD, 2,
        XOR,  PUSH, 3,    SWAP, SUBTRACT, DUPLICATE, MULTIPLY, STORE, 2,         LOOP,  24, HALT,
    };
    return run_bytecode(code, scale * 40000);
}

enum { BODIES = 5 };

/* A step of bodies that attract each other: floating point. */
static void step(double (*at)[3], double (*speed)[3])
{
    for (int i = 0; i < BODIES; i++)
        for (int j = 0; j < BODIES; j++) {
            if (i == j)
                continue;
            double x = at[j][0] - at[i][0];
            double y = at[j][1] - at[i][1];
            double z = at[j][2] - at[i][2];
            double square = x * x + y * y + z * z + 0.01;
            double pull = 0.001 / (square * square_root(square));
            speed[i][0] += x * pull;
            speed[i][1] += y * pull;
            speed[i][2] += z * pull;
        }
    for (int i = 0; i < BODIES; i++)
        for (int k = 0; k < 3; k++)
            at[i][k] += speed[i][k] * 0.001;
}

u32 bodies(u32 scale)
{
    double at[BODIES][3];
    double speed[BODIES][3];
    for (int i = 0; i < BODIES; i++)
        for (int k = 0; k < 3; k++) {
            at[i][k] = i * 3 - k * i + k;
            speed[i][k] = (i - k) * 0.125;
        }
    for (u32 i = 0; i < scale * 3000; i++)
        step(at, speed);
    double sum = 0;
    for (int i = 0; i < BODIES; i++)
        for (int k = 0; k < 3; k++)
            sum += at[i][k] * at[i][k];
    return (u32)(sum * 1e6);
}

enum { ORDER = 48 };

/* Products of integer matrices. */
u32 matrix(u32 scale)
{
    static u32 a[ORDER][ORDER];
    static u32 b[ORDER][ORDER];
    static u32 c[ORDER][ORDER];
    for (u32 i = 0; i < ORDER; i++)
        for (u32 j = 0; j < ORDER; j++) {
            a[i][j] = i * 3 + j;
            b[i][j] = i ^ j * 5;
        }
    for (u32 round = 0; round < scale * 12; round++) {
        for (u32 i = 0; i < ORDER; i++)
            for (u32 j = 0; j < ORDER; j++) {
                u32 sum = 0;
                for (u32 k = 0; k < ORDER; k++)
                    sum += a[i][k] * b[k][j];
                c[i][j] = sum;
            }
        a[round % ORDER][round % 7] ^= c[ORDER - 1][round % ORDER];
    }
    u32 sum = 0;
    for (u32 i = 0; i < ORDER; i++)
        for (u32 j = 0; j < ORDER; j++)
            sum = sum * 31 + c[i][j];
    return sum;
}

static u32 rotate(u32 value, u32 count)
{
    return value << count | value >> (32 - count);
}

/* Rounds like those of a message digest: more values at once than there are registers. */
u32 sha(u32 scale)
{
    u32 state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    for (u32 block = 0; block < scale * 5000; block++) {
        u32 w[80];
        u32 a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
        for (u32 i = 0; i < 16; i++)
            w[i] = block * 16 + i * 0x01010101;
        for (u32 i = 16; i < 80; i++)
            w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        for (u32 i = 0; i < 80; i++) {
            u32 f = i < 20   ? (b & c) | (~b & d)
                    : i < 40 ? b ^ c ^ d
                    : i < 60 ? (b & c) | (b & d) | (c & d)
                             : b ^ c ^ d;
            u32 next = rotate(a, 5) + f + e + w[i] + (i + 1) * 0x5a827999;
            e = d;
            d = c;
            c = rotate(b, 30);
            b = a;
            a = next;
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
    }
    return state[0] ^ state[1] ^ state[2] ^ state[3] ^ state[4];
}
