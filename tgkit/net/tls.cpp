#include "tgkit/net/tls.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace tgkit::net {

namespace {

std::string last_error() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
  return reason != nullptr ? reason : "unknown cause";
}

[[noreturn]] void refuse_file(const char* what, const std::string& file) {
  throw std::runtime_error(std::string("cannot use the ") + what + " in " + file + ": " + last_error());
}

bool is_address(const std::string& host) {
  unsigned char bytes[16];
  ASN1_OCTET_STRING* parsed = a2i_IPADDRESS(host.c_str());
  const bool address = parsed != nullptr && ASN1_STRING_length(parsed) <= static_cast<int>(sizeof bytes);
  ASN1_OCTET_STRING_free(parsed);
  ERR_clear_error();
  return address;
}

}  // namespace

void TlsContext::free_context(ssl_ctx_st* context) { SSL_CTX_free(context); }

void TlsContext::free_session(ssl_session_st* session) { SSL_SESSION_free(session); }

TlsContext::TlsContext(bool server) : context_(SSL_CTX_new(server ? TLS_server_method() : TLS_client_method())) {
  if (!context_) throw std::runtime_error("cannot prepare TLS: " + last_error());
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

std::shared_ptr<TlsContext> TlsContext::client(const std::string& ca_file) {
  std::shared_ptr<TlsContext> made(new TlsContext(false));
  SSL_CTX* context = made->context_.get();
  if (ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(context);
  } else if (SSL_CTX_load_verify_locations(context, ca_file.c_str(), nullptr) != 1) {
    refuse_file("certificate authorities", ca_file);
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, keep_session);
  return made;
}

std::shared_ptr<TlsContext> TlsContext::server(const std::string& certificate_file, const std::string& key_file) {
  std::shared_ptr<TlsContext> made(new TlsContext(true));
  SSL_CTX* context = made->context_.get();
  if (SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str()) != 1) {
    refuse_file("certificate", certificate_file);
  }
  if (SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    refuse_file("key", key_file);
  }
  return made;
}

// With TLS 1.3 a session arrives after the handshake, whenever the server likes.
int TlsContext::keep_session(ssl_st* ssl, ssl_session_st* session) {
  auto* tls = static_cast<Tls*>(SSL_get_app_data(ssl));
  tls->context_->sessions_.insert_or_assign(tls->peer_, Session(session));
  return 1;  // ours now
}

void Tls::free_ssl(ssl_st* ssl) { SSL_free(ssl); }

Tls::Tls(std::shared_ptr<TlsContext> context) : context_(std::move(context)), ssl_(SSL_new(context_->context_.get())) {
  if (!ssl_) throw std::runtime_error("cannot prepare TLS: " + last_error());
  BIO* bio = BIO_new(method());
  if (bio == nullptr) throw std::runtime_error("cannot prepare TLS: " + last_error());
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_app_data(ssl_.get(), this);
}

std::unique_ptr<Tls> Tls::client(std::shared_ptr<TlsContext> context, const std::string& host, std::string peer) {
  std::unique_ptr<Tls> tls(new Tls(std::move(context)));
  SSL* ssl = tls->ssl_.get();
  tls->peer_ = std::move(peer);
  bool named = false;
  if (is_address(host)) {  // the server name extension carries names only (RFC 6066, 3)
    named = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
  } else {
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    named = SSL_set1_host(ssl, host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
  }
  if (!named) throw std::runtime_error("cannot prepare TLS: " + last_error());
  constexpr unsigned char protocols[] = "\x08http/1.1";
  SSL_set_alpn_protos(ssl, protocols, sizeof protocols - 1);
  // A ticket of TLS 1.3 is used once: a new one comes with the connection that used it.
  if (const auto known = tls->context_->sessions_.extract(tls->peer_)) SSL_set_session(ssl, known.mapped().get());
  SSL_set_connect_state(ssl);
  return tls;
}

std::unique_ptr<Tls> Tls::server(std::shared_ptr<TlsContext> context) {
  std::unique_ptr<Tls> tls(new Tls(std::move(context)));
  SSL_set_accept_state(tls->ssl_.get());
  return tls;
}

// OpenSSL makes a session unusable for resumption when its connection is freed without a goodbye.
Tls::~Tls() { SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); }

const bio_method_st* Tls::method() {
  static BIO_METHOD* const made = [] {
    BIO_METHOD* memory = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "tgkit");
    BIO_meth_set_read(memory, read_bio);
    BIO_meth_set_write(memory, write_bio);
    BIO_meth_set_ctrl(memory, [](BIO*, int command, long, void*) -> long { return command == BIO_CTRL_FLUSH; });
    return memory;
  }();
  return made;
}

int Tls::read_bio(bio_st* bio, char* to, int most) {
  auto* tls = static_cast<Tls*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (tls->incoming_.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const std::size_t size = std::min(static_cast<std::size_t>(most), tls->incoming_.size());
  std::memcpy(to, tls->incoming_.data(), size);
  tls->incoming_.remove_prefix(size);
  return static_cast<int>(size);
}

int Tls::write_bio(bio_st* bio, const char* from, int size) {
  auto* tls = static_cast<Tls*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  tls->outgoing_.append(from, static_cast<std::size_t>(size));
  return size;
}

void Tls::feed(std::string_view received) { incoming_ = received; }

Tls::Status Tls::handshake() {
  ERR_clear_error();
  const Status result = status(SSL_do_handshake(ssl_.get()));
  if (result != Status::closed) return result;
  error_ = "closed during the handshake";
  return Status::failed;
}

Tls::Status Tls::read(char* to, std::size_t most, std::size_t& size) {
  ERR_clear_error();
  size = 0;
  const int result = SSL_read_ex(ssl_.get(), to, most, &size);
  return result == 1 ? Status::done : status(result);
}

Tls::Status Tls::write(std::string_view plain) {
  ERR_clear_error();
  while (!plain.empty()) {
    std::size_t size = 0;
    const int result = SSL_write_ex(ssl_.get(), plain.data(), plain.size(), &size);
    if (result != 1) {
      status(result);
      if (error_.empty()) error_ = "the peer changes keys in the middle of a message";
      return Status::failed;
    }
    plain.remove_prefix(size);
  }
  return Status::done;
}

void Tls::close() {
  ERR_clear_error();
  if (SSL_is_init_finished(ssl_.get()) == 1) SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

std::string_view Tls::outgoing() const { return std::string_view(outgoing_).substr(sent_); }

void Tls::sent(std::size_t size) {
  sent_ += size;
  if (sent_ < outgoing_.size()) return;
  outgoing_.clear();
  sent_ = 0;
}

bool Tls::resumed() const { return SSL_session_reused(ssl_.get()) == 1; }

std::string Tls::error() const { return error_; }

Tls::Status Tls::status(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_NONE:
      return Status::done;
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return Status::want_input;
    case SSL_ERROR_ZERO_RETURN:
      return Status::closed;
    default:
      break;
  }
  error_ = last_error();
  const long verified = SSL_get_verify_result(ssl_.get());
  if (verified != X509_V_OK) error_ += std::string(" (") + X509_verify_cert_error_string(verified) + ")";
  return Status::failed;
}

}  // namespace tgkit::net
