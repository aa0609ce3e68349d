/// Threads that wait at a place in memory until another notifies them there (threads proposal).
///
/// One list for the whole process, so that who waits longest is woken first, whatever the width of its value. Waiting is what
/// a thread does when it has nothing else to do: the one lock is no bottleneck.

#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

#include "wasm_interpreter.h"

struct waiter {
    const void *place;
    bool is_notified;
    pthread_cond_t condition;
    struct waiter *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/// In the order in which they came.
static struct waiter *first;

static uint64_t value_at(const void *place, uint32_t width) {
    if (width == 4) return __atomic_load_n((const uint32_t *)place, __ATOMIC_SEQ_CST);
    return __atomic_load_n((const uint64_t *)place, __ATOMIC_SEQ_CST);
}

static void append(struct waiter *waiter) {
    struct waiter **end = &first;
    while (*end) end = &(*end)->next;
    *end = waiter;
}

static void take_out(const struct waiter *waiter) {
    for (struct waiter **place = &first; *place; place = &(*place)->next) {
        if (*place != waiter) continue;
        *place = waiter->next;
        return;
    }
}

/// The time at which a wait of so many nanoseconds is over. What lies beyond all clocks is cut off.
static struct timespec deadline(int64_t timeout) {
    const int64_t second = 1000000000;
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += timeout / second;
    end.tv_nsec += timeout % second;
    if (end.tv_nsec >= second) {
        end.tv_nsec -= second;
        end.tv_sec++;
    }
    return end;
}

uint32_t wasm_atomic_wait(void *place, uint64_t expected, uint32_t width, int64_t timeout) {
    pthread_mutex_lock(&lock);
    // Under the lock: whoever changes the value and notifies afterwards finds us in the list.
    if (value_at(place, width) != expected) {
        pthread_mutex_unlock(&lock);
        return 1;
    }
    struct waiter own = {.place = place};
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&own.condition, &attributes);
    pthread_condattr_destroy(&attributes);
    append(&own);
    struct timespec end = timeout < 0 ? (struct timespec){0} : deadline(timeout);
    int error = 0;
    while (!own.is_notified && error != ETIMEDOUT)
        error = timeout < 0 ? pthread_cond_wait(&own.condition, &lock)
                            : pthread_cond_timedwait(&own.condition, &lock, &end);
    if (!own.is_notified) take_out(&own);
    pthread_mutex_unlock(&lock);
    pthread_cond_destroy(&own.condition);
    return own.is_notified ? 0 : 2;
}

uint32_t wasm_atomic_notify(const void *place, uint32_t count) {
    uint32_t woken = 0;
    pthread_mutex_lock(&lock);
    struct waiter **next = &first;
    while (*next && woken < count) {
        struct waiter *waiter = *next;
        if (waiter->place != place) {
            next = &waiter->next;
            continue;
        }
        *next = waiter->next;
        waiter->is_notified = true;
        pthread_cond_signal(&waiter->condition);
        woken++;
    }
    pthread_mutex_unlock(&lock);
    return woken;
}
