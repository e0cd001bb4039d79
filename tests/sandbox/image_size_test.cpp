#include "sandbox/chat/image_size.hpp"

#include <gtest/gtest.h>

namespace sandbox {
namespace {

using namespace std::string_view_literals;

TEST(ImageSize, png_jpeg_and_gif_headers_are_read) {
  const auto png = image_size("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x90\0\0\x01,"sv);
  ASSERT_TRUE(png);
  EXPECT_EQ(png->width, 400);
  EXPECT_EQ(png->height, 300);
  const auto jpeg = image_size("\xff\xd8\xff\xe0\0\x04zz\xff\xc0\0\x11\x08\0\x10\0\x20\x03\0\0\0\0"sv);
  ASSERT_TRUE(jpeg);
  EXPECT_EQ(jpeg->width, 32);
  EXPECT_EQ(jpeg->height, 16);
  const auto gif = image_size("GIF89a\x05\0\x06\0"sv);
  ASSERT_TRUE(gif);
  EXPECT_EQ(gif->width, 5);
  EXPECT_EQ(gif->height, 6);
}

TEST(ImageSize, broken_files_have_none) {
  for (const auto bytes :
       {""sv, "text"sv, "\x89PNG\r\n\x1a\n"sv, "\xff\xd8\xff\xe0\xff\xff"sv, "\xff\xd8zzzzzzzzzzzz"sv}) {
    EXPECT_FALSE(image_size(bytes));
  }
}

}  // namespace
}  // namespace sandbox
