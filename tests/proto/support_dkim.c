#include "tests/proto/support_dkim.h"

#include "agents/mail/header.h"

const char support_dkim_8463[] = "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
                                 " d=football.example.com; i=@football.example.com;\r\n"
                                 " q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
                                 " subject : date : message-id : from : subject : date;\r\n"
                                 " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
                                 " b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n"
                                 " Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n"
                                 "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n"
                                 " d=football.example.com; i=@football.example.com;\r\n"
                                 " q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n"
                                 " date : message-id : from : subject : date;\r\n"
                                 " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
                                 " b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r\n"
                                 " DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r\n"
                                 " dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\r\n"
                                 "From: Joe SixPack <joe@football.example.com>\r\n"
                                 "To: Suzie Q <suzie@shopping.example.net>\r\n"
                                 "Subject: Is dinner ready?\r\n"
                                 "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
                                 "Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"
                                 "\r\n"
                                 "Hi.\r\n"
                                 "\r\n"
                                 "We lost the game.  Are you hungry yet?\r\n"
                                 "\r\n"
                                 "Joe.\r\n"
                                 "\r\n";

const char support_dkim_8463_ed25519[] =
    "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

const char support_dkim_8463_rsa[] =
    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR"
    "iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC"
    "DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3"
    "Ip3G+2kryOTIKT+l/K4w3QIDAQAB";

const char support_dkim_6376[] = "DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;\r\n"
                                 "      c=simple/simple; q=dns/txt; i=joe@football.example.com;\r\n"
                                 "      h=Received : From : To : Subject : Date : Message-ID;\r\n"
                                 "      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
                                 "      b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB\r\n"
                                 "      4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut\r\n"
                                 "      KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV\r\n"
                                 "      4bmp/YzhwvcubU4=;\r\n"
                                 "Received: from client1.football.example.com  [192.0.2.1]\r\n"
                                 "      by submitserver.example.com with SUBMISSION;\r\n"
                                 "      Fri, 11 Jul 2003 21:01:54 -0700 (PDT)\r\n"
                                 "From: Joe SixPack <joe@football.example.com>\r\n"
                                 "To: Suzie Q <suzie@shopping.example.net>\r\n"
                                 "Subject: Is dinner ready?\r\n"
                                 "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
                                 "Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"
                                 "\r\n"
                                 "Hi.\r\n"
                                 "\r\n"
                                 "We lost the game. Are you hungry yet?\r\n"
                                 "\r\n"
                                 "Joe.\r\n";

const char support_dkim_6376_key[] = "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ"
                                     "KBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt"
                                     "IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v"
                                     "/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhi"
                                     "tdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB";

enum dkim_result support_dkim_verify(struct slice content, unsigned n, const char *record,
                                     int64_t now_s, const char **why)
{
    struct arena arena;
    struct slice header, body;
    struct header_field field;
    struct dkim_signature signature;
    struct dkim_key key;
    const char *reason = "";
    enum dkim_result result = DKIM_NONE;
    arena_init(&arena);
    header_split(content, &header, &body);
    if (header_find(header, SLICE("DKIM-Signature"), n, &field)) {
        result = DKIM_NEUTRAL;
        if (dkim_signature_read(field.whole, &arena, &signature, &reason)) {
            result = DKIM_PERMERROR;
            if (dkim_key_read(slice_of(record), &arena, &key, &reason))
                result = dkim_verify(&signature, &key, header, body, now_s, &reason);
        }
    }
    if (why)
        *why = reason;
    arena_finish(&arena);
    return result;
}
