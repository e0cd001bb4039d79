#include "tgkit/net/certificate.hpp"

#include "tgkit/net/tls.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace tgkit::net {

namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

}  // namespace

CertificateFile read_certificate(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(file + ": " + std::strerror(errno));
  std::stringstream text;
  text << in.rdbuf();
  CertificateFile result;
  result.pem = std::move(text).str();
  const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(result.pem.data(), static_cast<int>(result.pem.size())));
  const std::unique_ptr<X509, Free> certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (!certificate) throw std::runtime_error(file + ": holds no certificate in PEM form");
  result.self_signed = (X509_get_extension_flags(certificate.get()) & EXFLAG_SS) != 0;
  return result;
}

CertificateFile read_certificate(const std::string& file, const std::string& key_file) {
  CertificateFile result = read_certificate(file);
  TlsContext::server(file, key_file);
  return result;
}

}  // namespace tgkit::net
