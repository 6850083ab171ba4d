/*
 * The objects of a topology file, format 1: the rows that the loader reads by and that the JSON
 * Schema is printed from. docs/topologies.md says the same in prose.
 */
#ifndef TOPOLOGIES_FORMAT_H
#define TOPOLOGIES_FORMAT_H

#include "agents/roles/config.h"
#include "sim/json/shape.h"

extern const struct shape format_topology;
extern const struct shape format_admd, format_host, format_agent, format_link, format_record,
    format_user, format_fault, format_demo;

enum {
    FORMAT_ADMDS_MAX = 1000,
    FORMAT_AGENTS_MAX = 64, /* on one host */
    FORMAT_LINKS_MAX = 200000,
    FORMAT_RECORDS_MAX = 200000,
    FORMAT_USERS_MAX = 200000,
    FORMAT_FAULTS_MAX = 1000,
    FORMAT_DEMO_MAX = 10000
};

/* A role's setting as a row like the others; its value is read in the same way. */
struct shape_key format_config_key(const struct config_key *key);

#endif
