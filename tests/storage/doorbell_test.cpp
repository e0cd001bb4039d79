#include "tgkit/storage/doorbell.hpp"

#include <memory>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace tgkit::storage {
namespace {

TEST(Doorbell, IsHeardAcrossThreadsAndKeepsTheLoopAliveUntilThen) {
  boost::asio::io_context io;
  Doorbell bell(io.get_executor());
  int heard = 0;
  bell.wait([&heard](const boost::system::error_code& error) { heard += error ? 100 : 1; });
  std::thread ringer([&bell] { bell.ring(); });
  io.run();
  ringer.join();
  EXPECT_EQ(heard, 1);
}

TEST(Doorbell, RingsThatNobodyHasHeardAreOneAndAreNotLost) {
  boost::asio::io_context io;
  Doorbell bell(io.get_executor());
  bell.ring();
  bell.ring();
  int heard = 0;
  bell.wait([&heard](const boost::system::error_code&) { ++heard; });
  io.run();
  EXPECT_EQ(heard, 1);

  bell.wait([&heard](const boost::system::error_code&) { ++heard; });
  io.restart();
  io.poll();
  EXPECT_EQ(heard, 1) << "the second ring was heard with the first";
  bell.ring();
  io.run();
  EXPECT_EQ(heard, 2);
}

TEST(Doorbell, WhoeverWaitsWhenItGoesAwayIsTold) {
  boost::asio::io_context io;
  auto bell = std::make_unique<Doorbell>(io.get_executor());
  boost::system::error_code told;
  bell->wait([&told](const boost::system::error_code& error) { told = error; });
  bell.reset();
  io.run();
  EXPECT_EQ(told, boost::asio::error::operation_aborted);
}

}  // namespace
}  // namespace tgkit::storage
