/* load_pipe.c - a sheet in two threads: one reads and judges rows, one stores them. */
#include <pthread.h>

#include "core/beside.h"
#include "ingest/load_parts.h"

enum { RING = 4 }; /* batches under way: 4 x 1024 verdicts are 10 MiB */

struct lot { /* one batch on its way from the reader to the store */
    struct batch *batch;
    struct verdict *verdicts;
    enum status status; /* of the reader; not HY_OK: the last lot */
    struct error err;
};

struct pipe {
    struct part *part;
    struct lot lots[RING];
    pthread_mutex_t lock;
    pthread_cond_t moved;
    size_t filled, emptied; /* lots so far; filled - emptied <= RING */
    bool stop;              /* the store failed: nothing more is wanted */
};

static void lot_open(struct lot *lot, struct arena *memory)
{
    lot->batch = arena_alloc(memory, sizeof *lot->batch);
    lot->batch->memory = arena_new();
    lot->verdicts = arena_alloc(memory, BATCH_ROWS * sizeof *lot->verdicts);
}

/* Touches the reader, the normaliser and the counts of the part, never the store. */
static void lot_fill(struct part *part, struct lot *lot)
{
    struct reading *reading = part->reading;
    struct batch *batch = lot->batch;
    uint32_t i;

    arena_reset(batch->memory);
    batch->count = 0;
    lot->status = reading->reader->next(reading->grid, part->sheet, batch, &lot->err);
    if (lot->status != HY_OK)
        return;
    for (i = 0; i < batch->count; i++)
        judge_row(part, batch, &batch->rows[i], &lot->verdicts[i]);
}

static enum status lot_put(struct part *part, const struct lot *lot, struct error *err)
{
    const struct batch *batch = lot->batch;
    uint32_t i;

    if (lot->status != HY_OK) {
        *err = lot->err;
        return lot->status;
    }
    for (i = 0; i < batch->count; i++)
        TRY(put_row(part, &batch->rows[i], &lot->verdicts[i], err));
    part_progress(part, batch);
    return store_flush(part->store, err);
}

/* Waits until the next lot may be touched by the filling (or emptying) side. */
static bool pipe_wait(struct pipe *pipe, bool filling)
{
    bool stop;

    pthread_mutex_lock(&pipe->lock);
    while (!pipe->stop
           && (filling ? pipe->filled - pipe->emptied == RING
                       : pipe->filled == pipe->emptied))
        pthread_cond_wait(&pipe->moved, &pipe->lock);
    stop = pipe->stop;
    pthread_mutex_unlock(&pipe->lock);
    return !stop;
}

static void pipe_move(struct pipe *pipe, size_t *count, bool stop)
{
    pthread_mutex_lock(&pipe->lock);
    ++*count;
    pipe->stop = pipe->stop || stop;
    pthread_cond_signal(&pipe->moved);
    pthread_mutex_unlock(&pipe->lock);
}

static void *fill(void *self)
{
    struct pipe *pipe = self;
    enum status status = HY_OK;

    while (status == HY_OK && pipe_wait(pipe, true)) {
        struct lot *lot = &pipe->lots[pipe->filled % RING];

        lot_fill(pipe->part, lot);
        status = lot->status; /* the lot is the other side's once it is passed on */
        pipe_move(pipe, &pipe->filled, false);
    }
    return NULL;
}

static enum status empty(struct pipe *pipe, struct error *err)
{
    enum status status = HY_OK;

    while (status == HY_OK && pipe_wait(pipe, false)) {
        status = lot_put(pipe->part, &pipe->lots[pipe->emptied % RING], err);
        pipe_move(pipe, &pipe->emptied, status != HY_OK);
    }
    return status;
}

static enum status run_pipe(struct pipe *pipe, struct error *err)
{
    enum status status = HY_OK;
    pthread_t thread;

    pthread_mutex_init(&pipe->lock, NULL);
    pthread_cond_init(&pipe->moved, NULL);
    if (beside_start(&thread, fill, pipe)) {
        status = empty(pipe, err);
        pthread_join(thread, NULL);
    } else {
        while (status == HY_OK) { /* no second thread to be had: by turns */
            status = lot_put(pipe->part, &pipe->lots[0], err);
            if (status == HY_OK)
                lot_fill(pipe->part, &pipe->lots[0]);
        }
    }
    pthread_cond_destroy(&pipe->moved);
    pthread_mutex_destroy(&pipe->lock);
    return status;
}

enum status part_pipe(struct part *part, struct error *err)
{
    struct arena *memory = arena_new();
    struct pipe pipe = { .part = part };
    enum status status;
    size_t i;

    lot_open(&pipe.lots[0], memory);
    lot_fill(part, &pipe.lots[0]);
    pipe.filled = 1;
    if (pipe.lots[0].status != HY_OK) {
        status = lot_put(part, &pipe.lots[0], err);
        arena_free(pipe.lots[0].batch->memory);
        arena_free(memory);
        return status;
    }
    status = store_known(part->store, &part->known, err);
    if (status != HY_OK) {
        arena_free(pipe.lots[0].batch->memory);
        arena_free(memory);
        return status;
    }
    for (i = 1; i < RING; i++)
        lot_open(&pipe.lots[i], memory);
    status = run_pipe(&pipe, err);
    for (i = 0; i < RING; i++)
        arena_free(pipe.lots[i].batch->memory);
    arena_free(memory);
    return status;
}
