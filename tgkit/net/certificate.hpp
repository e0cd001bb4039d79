#pragma once
// What can be said about a server's certificate before it is used.
#include <string>

namespace tgkit::net {

struct CertificateFile {
  std::string pem;           // the whole file
  bool self_signed = false;  // its first certificate is its own issuer: nobody knows it unless it is given to them
};

// Throws std::runtime_error that names the file and the cause.
CertificateFile read_certificate(const std::string& file);
// The same, and checks that `key_file` holds the key of the certificate.
CertificateFile read_certificate(const std::string& file, const std::string& key_file);

}  // namespace tgkit::net
