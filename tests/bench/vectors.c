/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel compiled for vectors, where the processor has some (SSE2). */
#include "kernels.h"

typedef double pair __attribute__((vector_size(16)));

enum { ORDER = 32, PAIRS = ORDER / 2 };

/*
 * Row i of a product: pairs of its elements at once. In one page, so that it is vectors which are
 * measured and not where the linker puts the loop.
 */
static __attribute__((noinline, aligned(512))) void multiply_row(pair *to, const double *row,
                                                                 const pair m[ORDER][PAIRS])
{
    for (int j = 0; j < PAIRS; j += 4) {
        pair sum[4] = {{0}};
        for (int k = 0; k < ORDER; k++) {
            pair factor = {row[k], row[k]};
            for (int n = 0; n < 4; n++)
                sum[n] += factor * m[k][j + n];
        }
        for (int n = 0; n < 4; n++)
            to[j + n] = sum[n];
    }
}

/* Products of matrices of doubles. */
u32 vector_matrix(u32 scale)
{
    static double a[ORDER][ORDER];
    static pair b[ORDER][PAIRS], c[ORDER][PAIRS];
    double sum = 0;

    for (int i = 0; i < ORDER; i++)
        for (int j = 0; j < ORDER; j++) {
            a[i][j] = i * 0.25 - j;
            b[i][j / 2][j % 2] = (i ^ j) * 0.5;
        }
    for (u32 round = 0; round < scale * 40; round++) {
        for (int i = 0; i < ORDER; i++)
            multiply_row(c[i], a[i], b);
        a[round % ORDER][round / ORDER % ORDER] = c[round % ORDER][0][0] / 248;
    }
    for (int i = 0; i < ORDER; i++)
        for (int j = 0; j < PAIRS; j++)
            sum += c[i][j][0] + c[i][j][1] * 3;
    return (u32)(int)(sum * 16);
}
