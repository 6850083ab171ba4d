#include "topologies/format.h"

#include "topologies/topology.h"

#define KEYS(rows) .keys = rows, .key_count = sizeof rows / sizeof *rows

static const struct shape_key admd_keys[] = {
    {"id", SHAPE_ID, .is_required = true, .meaning = "how hosts refer to it"},
    {"name", SHAPE_TEXT, .is_required = true, .min = 1, .max = 100,
     .meaning = "as the map shows it: Aster College"},
};
const struct shape format_admd = {"admd", KEYS(admd_keys)};

static const struct shape_key agent_keys[] = {
    {"id", SHAPE_ID,
     .meaning = "one for all hosts and agents together; by default ROLE-HOST, as in mta-mx1"},
    {"role", SHAPE_TEXT, .is_required = true, .min = 1, .max = 64, .meaning = "what it does",
     .expected = "the name of a role, such as mta"},
    {"listen", SHAPE_NUMBERS, .min = 1, .max = 65535, .items_max = TOPOLOGY_PORTS_MAX,
     .meaning = "its ports, at most 8; by default those that are usual for the role"},
    {"config", SHAPE_OBJECT, .meaning = "its settings; which there are depends on the role"},
};
const struct shape format_agent = {"agent", KEYS(agent_keys)};

static const struct shape_key host_keys[] = {
    {"id", SHAPE_ID, .is_required = true, .meaning = "one for all hosts and agents together"},
    {"name", SHAPE_FULL_NAME, .is_required = true,
     .meaning = "its DNS name; gets an A record from addr when dns has no address for it"},
    {"addr", SHAPE_IPV4, .is_required = true, .meaning = "its IPv4 address"},
    {"admd", SHAPE_ID, .meaning = "id of the organisation that runs it"},
    {"resolver", SHAPE_ID,
     .meaning = "id of the host whose name server it asks; by default the first agent of role dns"},
    {"behind", SHAPE_ID,
     .meaning = "id of the host whose address others see when this one connects to them (NAT)"},
    {"x", SHAPE_NUMBER, .max = 1000,
     .meaning = "place on the map, 0 left; a host without x and y is put where it fits"},
    {"y", SHAPE_NUMBER, .max = 1000, .meaning = "place on the map, 0 at the top"},
    {"zone", SHAPE_ZONE, .fallback = "+0000",
     .meaning = "the time zone in which it writes dates, such as +0100"},
    {"skew_s", SHAPE_NUMBER, .min = -31536000, .max = 31536000, .fallback = "0",
     .meaning = "seconds that its clock is ahead; less than 0: behind"},
    {"agents", SHAPE_LIST, .max = FORMAT_AGENTS_MAX, .of = &format_agent,
     .meaning = "who works on this host"},
};
const struct shape format_host = {"host", KEYS(host_keys)};

static const struct shape_key link_keys[] = {
    {"a", SHAPE_ID, .is_required = true, .meaning = "id of a host"},
    {"b", SHAPE_ID, .is_required = true, .meaning = "id of another host"},
    {"latency_ms", SHAPE_NUMBER, .max = 3600000, .decimals = 3, .fallback = "20",
     .meaning = "time from one end to the other"},
    {"jitter_ms", SHAPE_NUMBER, .max = 3600000, .decimals = 3, .fallback = "0",
     .meaning = "up to so much is added, by chance"},
    {"kbps", SHAPE_NUMBER, .max = 1000000000, .fallback = "0",
     .meaning = "bandwidth in 1000 bits a second; 0 is unlimited"},
    {"loss_percent", SHAPE_NUMBER, .max = 100, .decimals = 4, .fallback = "0",
     .meaning = "share of the segments that get lost"},
    {"up", SHAPE_TEXT, .min = 11, .max = 200,
     .meaning = "a dial-up line: its hours of every day on the clock of the run, as "
                "\"02:00-02:20\", several with a blank between; when it opens, what waits at the "
                "end that has no other line, or at a, is tried. By default it is always there",
     .expected = "hours such as 02:00-02:20"},
};
const struct shape format_link = {"link", KEYS(link_keys)};

static const struct shape_key record_keys[] = {
    {"name", SHAPE_DOMAIN, .is_required = true, .meaning = "whose record it is"},
    {"type", SHAPE_WORD, .is_required = true, .words = "A AAAA MX CNAME TXT NS PTR SOA SRV",
     .meaning = "record type"},
    {"pref", SHAPE_NUMBER, .max = 65535, .fallback = "0",
     .meaning = "MX: preference, the lowest is tried first; SRV: priority"},
    {"data", SHAPE_TEXT, .is_required = true,
     .meaning = "an address (A, AAAA), a name (MX, CNAME, NS, PTR; \".\" in an MX with pref 0: no "
                "mail here), a text (TXT), \"weight port name\" (SRV), \"primary mailbox serial "
                "refresh retry expire minimum\" (SOA)"},
    {"ttl", SHAPE_DURATION, .min = 1, .max = 2147483647,
     .meaning = "how long an answer may be kept; by default the name server's setting"},
};
const struct shape format_record = {"record", KEYS(record_keys)};

static const struct shape_key user_keys[] = {
    {"address", SHAPE_ADDRESS, .is_required = true,
     .meaning = "mail address; an mta must have its domain in local"},
    {"name", SHAPE_TEXT, .max = 100, .meaning = "the person's name, for From fields"},
    {"password", SHAPE_TEXT, .min = 1, .max = 100,
     .meaning = "by default secret- and the part before the @"},
    {"forward", SHAPE_TEXTS,
     .meaning = "addresses that get the mail instead, as ~/.forward has them at first; \"keep\" "
                "for a copy of one's own"},
    {"rules", SHAPE_TEXTS,
     .meaning = "what is to be done with arriving mail, as ~/.rules has it at first: \"subject "
                "contains urgent -> forward bea@example.org, keep\""},
};
const struct shape format_user = {"user", KEYS(user_keys)};

static const struct shape_key fault_keys[] = {
    {"id", SHAPE_ID, .is_required = true, .meaning = "how --do refers to it"},
    {"label", SHAPE_TEXT, .is_required = true, .min = 1, .max = 100,
     .meaning = "what happens, in words"},
    {"kind", SHAPE_TEXT, .is_required = true, .min = 1, .max = 64, .meaning = "what happens",
     .expected = "a kind of fault, such as host-down"},
    {"target", SHAPE_TEXT, .is_required = true, .min = 1, .max = 254,
     .meaning = "what it is about; which depends on the kind"},
    {"args", SHAPE_OBJECT, .meaning = "details; which there are depends on the kind"},
};
const struct shape format_fault = {"fault", KEYS(fault_keys)};

static const struct shape_key demo_keys[] = {
    {"at", SHAPE_DURATION, .is_required = true, .max = 31536000,
     .meaning = "virtual time from the start of the run"},
    {"do", SHAPE_TEXT, .is_required = true, .min = 1, .meaning = "an action in the words of --do",
     .expected = "an action such as: fetch by=pc-bob"},
};
const struct shape format_demo = {"step", KEYS(demo_keys)};

static const struct shape_key topology_keys[] = {
    {"$schema", SHAPE_TEXT, .meaning = "for editors; not read"},
    {"format", SHAPE_NUMBER, .is_required = true, .min = 1, .max = 1, .meaning = "file format"},
    {"id", SHAPE_ID, .fallback = "topology", .meaning = "short name"},
    {"title", SHAPE_TEXT, .min = 1, .max = 100, .meaning = "by default the id"},
    {"look", SHAPE_TEXT, .max = 500, .meaning = "a sentence on what to look at"},
    {"admds", SHAPE_LIST, .max = FORMAT_ADMDS_MAX, .of = &format_admd,
     .meaning = "organisations (RFC 5598 2.3)"},
    {"hosts", SHAPE_LIST, .is_required = true, .max = TOPOLOGY_HOSTS_MAX, .of = &format_host,
     .meaning = "at least one"},
    {"links", SHAPE_LIST, .max = FORMAT_LINKS_MAX, .of = &format_link,
     .meaning = "lines between hosts, both ways"},
    {"dns", SHAPE_LIST, .max = FORMAT_RECORDS_MAX, .of = &format_record,
     .meaning = "what the name servers answer"},
    {"users", SHAPE_LIST, .max = FORMAT_USERS_MAX, .of = &format_user, .takes_text = true,
     .text_format = "email", .meaning = "who has a mailbox; a text is an address"},
    {"faults", SHAPE_LIST, .max = FORMAT_FAULTS_MAX, .of = &format_fault,
     .meaning = "what can be made to go wrong"},
    {"demo", SHAPE_LIST, .max = FORMAT_DEMO_MAX, .of = &format_demo,
     .meaning = "what is played when nothing else is asked"},
};
const struct shape format_topology = {"topology", KEYS(topology_keys)};

static enum shape_type config_shape(enum config_type type)
{
    switch (type) {
    case CONFIG_BOOL:
        return SHAPE_BOOL;
    case CONFIG_NUMBER:
        return SHAPE_NUMBER;
    case CONFIG_DURATION:
        return SHAPE_DURATION;
    case CONFIG_WORD:
        return SHAPE_WORD;
    case CONFIG_TEXT:
    case CONFIG_HOST: /* an id or a name: looked up afterwards */
        return SHAPE_TEXT;
    case CONFIG_ADDRESS:
        return SHAPE_ADDRESS;
    case CONFIG_TEXTS:
        return SHAPE_TEXTS;
    }
    return SHAPE_TEXT;
}

struct shape_key format_config_key(const struct config_key *key)
{
    return (struct shape_key){.name = key->name,
                              .type = config_shape(key->type),
                              .min = key->min,
                              .max = key->max,
                              .words = key->words,
                              .fallback = key->fallback,
                              .meaning = key->meaning};
}
