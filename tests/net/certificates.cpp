#include "tests/net/certificates.hpp"

#include <cstdlib>
#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace tests {

namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(FILE* file) const { std::fclose(file); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

void add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
  if (extension == nullptr) throw std::runtime_error("bad certificate extension");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate make(const Key& key, const std::string& name, X509* issuer, const Key& issuer_key, long serial) {
  Certificate made(X509_new());
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 86400);
  X509_set_pubkey(made.get(), key.get());
  X509_NAME* subject = X509_get_subject_name(made.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509* signer = issuer != nullptr ? issuer : made.get();
  X509_set_issuer_name(made.get(), X509_get_subject_name(signer));
  if (issuer == nullptr) {
    add_extension(made.get(), signer, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(made.get(), signer, NID_key_usage, "critical,keyCertSign,cRLSign");
  } else {
    const bool address = name.find_first_not_of("0123456789.") == std::string::npos;
    add_extension(made.get(), signer, NID_subject_alt_name, (address ? "IP:" : "DNS:") + name);
  }
  if (X509_sign(made.get(), issuer_key.get(), EVP_sha256()) == 0) throw std::runtime_error("cannot sign");
  return made;
}

std::unique_ptr<FILE, Free> open_file(const std::string& path) {
  std::unique_ptr<FILE, Free> file(std::fopen(path.c_str(), "w"));
  if (!file) throw std::runtime_error("cannot write " + path);
  return file;
}

}  // namespace

Certificates::Certificates(const std::string& name) {
  std::string folder = (std::filesystem::temp_directory_path() / "certificates-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("cannot make a folder for certificates");
  folder_ = folder;
  const Key authority_key(EVP_EC_gen("P-256")), key(EVP_EC_gen("P-256"));
  const Certificate root = make(authority_key, "test authority", nullptr, authority_key, 1);
  const Certificate leaf = make(key, name, root.get(), authority_key, 2);
  PEM_write_X509(open_file(authority()).get(), root.get());
  PEM_write_X509(open_file(certificate()).get(), leaf.get());
  PEM_write_PrivateKey(open_file(this->key()).get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
}

Certificates::~Certificates() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace tests
