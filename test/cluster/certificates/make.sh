#!/bin/sh
# Makes the certificates of the specs anew: an authority, a server (localhost, 127.0.0.1), a client (jane), the same client
# with a certificate that has expired, and an authority that signed none of them.
# They are worth nothing outside of the tests and last for a hundred years.
set -eu
cd "$(dirname "$0")"
new_key='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
openssl req -x509 $new_key -days 36500 -subj /CN=test-authority -keyout ca.key -out ca.crt 2>/dev/null
openssl req -x509 $new_key -days 36500 -subj /CN=other-authority -keyout other-ca.key -out other-ca.crt 2>/dev/null
sign() {
  openssl req $new_key -subj "$2" -keyout "$1.key" -out "$1.csr" 2>/dev/null
  printf '%s\n' "$3" >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days "${4:-36500}" -extfile "$1.ext" -out "$1.crt" 2>/dev/null
  rm "$1.csr" "$1.ext"
}
sign server /CN=test-server 'subjectAltName=DNS:localhost,IP:127.0.0.1'
sign client /O=editors/CN=jane 'extendedKeyUsage=clientAuth'
sign expired /O=editors/CN=jane 'extendedKeyUsage=clientAuth' -1
rm -f ca.key ca.srl other-ca.key
