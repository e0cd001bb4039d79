#include "tgkit/net/certificate.hpp"

#include "tests/net/certificates.hpp"

#include <gtest/gtest.h>

namespace tgkit::net {
namespace {

std::string refusal(const std::string& certificate, const std::string& key) {
  try {
    read_certificate(certificate, key);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(CertificateFile, KnowsWhetherItIsItsOwnIssuer) {
  const tests::Certificates certificates("bot.example");
  EXPECT_TRUE(read_certificate(certificates.authority()).self_signed);
  EXPECT_FALSE(read_certificate(certificates.certificate()).self_signed);
  EXPECT_TRUE(read_certificate(certificates.authority()).pem.starts_with("-----BEGIN CERTIFICATE-----"));
}

TEST(CertificateFile, AKeyThatIsNotItsOwnIsRefused) {
  const tests::Certificates certificates("bot.example");
  EXPECT_EQ(refusal(certificates.certificate(), certificates.key()), "");
  EXPECT_NE(refusal(certificates.authority(), certificates.key()).find(certificates.key()), std::string::npos);
}

TEST(CertificateFile, WhatIsMissingOrNoCertificateIsNamed) {
  const tests::Certificates certificates("bot.example");
  EXPECT_NE(refusal("/nowhere/cert.pem", certificates.key()).find("/nowhere/cert.pem"), std::string::npos);
  EXPECT_NE(refusal(certificates.key(), certificates.key()).find("no certificate"), std::string::npos);
}

}  // namespace
}  // namespace tgkit::net
