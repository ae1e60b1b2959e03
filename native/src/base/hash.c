#include "hash.h"

unsigned long long hash_more(unsigned long long hash, struct slice bytes)
{
    for (size_t i = 0; i < bytes.length; i++) {
        hash = (hash ^ (unsigned char) bytes.at[i]) * 0x100000001b3ull;
    }
    return hash;
}

unsigned long long hash_of(struct slice bytes)
{
    return hash_more(0xcbf29ce484222325ull, bytes);
}
