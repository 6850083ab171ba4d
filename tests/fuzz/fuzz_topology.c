/* Any octets as a topology file: a checked topology or a problem, never anything else. */
#include <stddef.h>
#include <stdint.h>

#include "topologies/topology.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct topology t;
    struct problem problem = {0};
    if (topology_read(&t, (struct slice){(const char *)data, size}, "fuzz.json", &problem))
        topology_finish(&t);
    return 0;
}
