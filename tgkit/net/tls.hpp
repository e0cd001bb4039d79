#pragma once
// TLS between memory and memory: bytes of the network come in, plain text comes out, and the other way round. It owns
// no socket, so that the connection's one reading and writing code serves both kinds and knows what has left.
#include <map>
#include <memory>
#include <string>
#include <string_view>

struct bio_method_st;
struct bio_st;
struct ssl_ctx_st;
struct ssl_session_st;
struct ssl_st;

namespace tgkit::net {

// Certificates, trust and remembered sessions; shared by the connections made from it.
class TlsContext {
 public:
  // Both throw std::runtime_error that names the file and the cause.
  static std::shared_ptr<TlsContext> client(const std::string& ca_file);  // empty: the system's authorities
  static std::shared_ptr<TlsContext> server(const std::string& certificate_file, const std::string& key_file);

  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

 private:
  friend class Tls;
  template <auto release>
  struct Release {
    template <class T>
    void operator()(T* thing) const {
      release(thing);
    }
  };
  static void free_context(ssl_ctx_st* context);
  static void free_session(ssl_session_st* session);
  using Session = std::unique_ptr<ssl_session_st, Release<free_session>>;

  explicit TlsContext(bool server);
  static int keep_session(ssl_st* ssl, ssl_session_st* session);

  std::unique_ptr<ssl_ctx_st, Release<free_context>> context_;
  std::map<std::string, Session, std::less<>> sessions_;  // by peer: what it verified is not verified anew
};

class Tls {
 public:
  enum class Status { done, want_input, closed, failed };

  // A client verifies that the peer is `host` (a name or an address); `peer` is the key of the remembered session.
  static std::unique_ptr<Tls> client(std::shared_ptr<TlsContext> context, const std::string& host, std::string peer);
  static std::unique_ptr<Tls> server(std::shared_ptr<TlsContext> context);
  ~Tls();
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  void feed(std::string_view received);  // the view is read by the calls below until all of it is taken
  Status handshake();                    // closed never
  Status read(char* to, std::size_t most, std::size_t& size);
  Status write(std::string_view plain);  // done or failed
  void close();                          // says goodbye

  std::string_view outgoing() const;  // what has to be sent
  void sent(std::size_t size);        // the first `size` bytes of outgoing() have been

  bool resumed() const;
  std::string error() const;  // why a call failed; free of secrets

 private:
  static const bio_method_st* method();
  static int read_bio(bio_st* bio, char* to, int most);
  static int write_bio(bio_st* bio, const char* from, int size);
  static void free_ssl(ssl_st* ssl);

  explicit Tls(std::shared_ptr<TlsContext> context);
  Status status(int result);

  friend class TlsContext;
  std::shared_ptr<TlsContext> context_;
  std::string peer_;
  std::string_view incoming_;
  std::string outgoing_;
  std::size_t sent_ = 0;
  std::string error_;
  std::unique_ptr<ssl_st, TlsContext::Release<free_ssl>> ssl_;
};

}  // namespace tgkit::net
