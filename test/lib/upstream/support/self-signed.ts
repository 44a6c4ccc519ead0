/*
 * A certificate for studio.cognitiveservices.azure.com that nobody but itself vouches for, valid from 2020 to 2120, and its key. Made for these
 * tests with `openssl ca -selfsign`; they are trusted nowhere.
 */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBqzCCAVKgAwIBAgIBATAKBggqhkjOPQQDAjAtMSswKQYDVQQDDCJzdHVkaW8u
Y29nbml0aXZlc2VydmljZXMuYXp1cmUuY29tMCAXDTIwMDEwMTAwMDAwMFoYDzIx
MjAwMTAxMDAwMDAwWjAtMSswKQYDVQQDDCJzdHVkaW8uY29nbml0aXZlc2Vydmlj
ZXMuYXp1cmUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEyS8LJPCFzGeD
SqL2kiCQioVgKKN3an4Ykjmq9nqxDNt9ggRwaHNwlQiEM+7+nLkqCA8/ZDHadLGg
gWi1djxN+aNhMF8wLQYDVR0RBCYwJIIic3R1ZGlvLmNvZ25pdGl2ZXNlcnZpY2Vz
LmF6dXJlLmNvbTAPBgNVHRMBAf8EBTADAQH/MB0GA1UdDgQWBBQaPYZc1DrY3ZIC
Bb07nlDV8PZBEDAKBggqhkjOPQQDAgNHADBEAiBp7ft1anuWAS+wm9BaOdRzNd/c
QkQvL2MI3R9bWuZ1OgIgXCaVggMk8IzonEMM4KwZJ99CepG94uhRn0vJi8fmoIc=
-----END CERTIFICATE-----
`;

export const privateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2IKHnJ6Y6CgMXMJx
X+Y6F/StSVUrUT/1I9J31iagZCOhRANCAATJLwsk8IXMZ4NKovaSIJCKhWAoo3dq
fhiSOar2erEM232CBHBoc3CVCIQz7v6cuSoIDz9kMdp0saCBaLV2PE35
-----END PRIVATE KEY-----
`;
