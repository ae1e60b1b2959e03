/* Runs the fuzzer's target without libFuzzer: each file as it is, and then so many random changes of it: replay N FILE... */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    uint8_t *bytes = malloc(1 << 20);
    *size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

/* One byte changed, left out or doubled, or a piece copied over another. */
static void change(uint8_t *bytes, size_t *size)
{
    static const char telling[] = "{}[]\",:\\\n 0-netu\xff";
    size_t at = (size_t) rand() % *size, to = (size_t) rand() % *size;
    switch (rand() % 4) {
    case 0:
        bytes[at] = (uint8_t) telling[(size_t) rand() % (sizeof telling - 1)];
        break;
    case 1:
        bytes[at] = (uint8_t) rand();
        break;
    case 2:
        memmove(bytes + at, bytes + at + 1, *size - at - 1);
        *size -= *size > 1;
        break;
    default:
        memmove(bytes + to, bytes + at, (*size - (at > to ? at : to)) / 2);
        break;
    }
}

int main(int count, char **arguments)
{
    long rounds = count > 1 ? atol(arguments[1]) : 0;
    srand(1);
    long runs = 0;
    for (int i = 2; i < count; i++) {
        size_t size;
        uint8_t *bytes = read_file(arguments[i], &size);
        LLVMFuzzerTestOneInput(bytes, size);
        for (long round = 0; round < rounds && size > 0; round++, runs++) {
            uint8_t *changed = malloc(size);
            size_t length = size;
            memcpy(changed, bytes, size);
            for (int changes = 1 + rand() % 4; changes > 0; changes--) {
                change(changed, &length);
            }
            uint8_t *exact = malloc(length); /* so that reading beyond it is seen */
            memcpy(exact, changed, length);
            LLVMFuzzerTestOneInput(exact, length);
            free(exact);
            free(changed);
        }
        free(bytes);
    }
    printf("%d files, %ld changes of them\n", count - 2, runs);
    return 0;
}
