/* chance.c - seeded chance without libc or libm: the same numbers on every machine. */
#include "samples/estate.h"

/* splitmix64 (Steele, Lea, Flood 2014). */
uint64_t chance_next(struct random *random)
{
    uint64_t mixed = random->state += UINT64_C(0x9e3779b97f4a7c15);

    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

int chance_below(struct random *random, int limit)
{
    return (int)((chance_next(random) >> 33) % (uint64_t)limit);
}

int chance_between(struct random *random, int low, int high)
{
    return low + chance_below(random, high - low + 1);
}

bool chance_permille(struct random *random, int permille)
{
    return chance_below(random, 1000) < permille;
}

/* e^x by halving and a short series: libm's last bit differs between versions. */
static double exponential(double x)
{
    double term = 1, sum = 1;
    int halvings = 8, i;

    x /= 256;
    for (i = 1; i <= 10; i++) {
        term = term * x / i;
        sum += term;
    }
    while (halvings-- > 0)
        sum *= sum;
    return sum;
}

int64_t chance_span(struct random *random, int64_t median, int sigma)
{
    int64_t sum = 0;
    int i;

    /* Twelve uniforms less six are near enough to a normal variate. */
    for (i = 0; i < 12; i++)
        sum += chance_below(random, 1000001);
    return (int64_t)((double)median
                     * exponential((double)(sum - 6000000) / 1e6 * sigma / 100));
}
