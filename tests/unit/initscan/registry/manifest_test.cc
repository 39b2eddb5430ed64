#include "initscan/registry/manifest.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

const std::string kDigest = "sha256:" + std::string(64, 'b');

TEST(ImageManifest, IsReadAsItIsWritten) {
  const Blob layer = blob_of("layer");
  const ImageFacts facts{"arm64", "2026-11-28T00:00:00Z", {{"io.example.format", "4"}}};
  const std::string config = write_image_config(facts, layer);
  const std::string manifest = write_image_manifest(facts, blob_of(config), layer);
  const auto read = read_image_manifest(manifest);
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->blob, layer);
  EXPECT_FALSE(read->is_packed);
  EXPECT_EQ(config, R"({"created":"2026-11-28T00:00:00Z","architecture":"arm64","os":"linux","config":{},)"
                    R"("rootfs":{"type":"layers","diff_ids":[")" +
                        layer.digest + R"("]}})");
  EXPECT_EQ(manifest, R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",)"
                      R"("artifactType":"application/vnd.initscan.advisories.v1","config":{"mediaType":)"
                      R"("application/vnd.oci.image.config.v1+json","digest":")" +
                          blob_of(config).digest + R"(","size":)" + std::to_string(config.size()) +
                          R"(},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar",)"
                          R"("digest":")" +
                          layer.digest +
                          R"(","size":5}],"annotations":{"io.example.format":"4",)"
                          R"("org.opencontainers.image.created":"2026-11-28T00:00:00Z"}})");
}

TEST(ImageManifest, SaysNothingOfADateThatIsNotKnown) {
  const ImageFacts facts{"amd64", "", {}};
  EXPECT_EQ(write_image_config(facts, blob_of("x")).find("created"), std::string::npos);
  EXPECT_EQ(write_image_manifest(facts, blob_of("c"), blob_of("x")).find("created"), std::string::npos);
}

std::string manifest_of(const std::string& layers, const std::string& more = "") {
  return "{\"schemaVersion\":2,\"layers\":[" + layers + "]" + more + "}";
}

std::string layer_of(const std::string& type, const std::string& digest, const std::string& size) {
  return "{\"mediaType\":\"" + type + "\",\"digest\":\"" + digest + "\",\"size\":" + size + "}";
}

constexpr const char* kTar = "application/vnd.oci.image.layer.v1.tar";

TEST(ImageManifest, IsTakenAsOtherToolsCopyIt) {
  for (const auto& [type, is_packed] : {std::pair(kTar, false),
                                        {"application/vnd.oci.image.layer.v1.tar+gzip", true},
                                        {"application/vnd.docker.image.rootfs.diff.tar", false},
                                        {"application/vnd.docker.image.rootfs.diff.tar.gzip", true}}) {
    const auto read = read_image_manifest(manifest_of(layer_of(type, kDigest, "7")));
    ASSERT_TRUE(read) << read.error().text;
    EXPECT_EQ(read->blob, (Blob{kDigest, 7}));
    EXPECT_EQ(read->is_packed, is_packed);
  }
}

TEST(ImageManifest, IsNoneOfAnythingElse) {
  const std::string good = layer_of(kTar, kDigest, "7");
  const std::pair<std::string, const char*> rows[] = {
      {"", "not JSON"},
      {"[]", "want an object"},
      {"{}", "schemaVersion: want 2"},
      {"{\"schemaVersion\":1}", "schemaVersion: want 2"},
      {"{\"schemaVersion\":2}", "layers: want a list"},
      {"{\"schemaVersion\":2,\"manifests\":[]}", "layers: want a list"},
      {manifest_of(""), "it has 0 layers"},
      {manifest_of(good + "," + good), "it has 2 layers"},
      {manifest_of("5"), "layers[0].mediaType"},
      {manifest_of(good, ",\"artifactType\":\"application/x\\u001b[1m\""), "no index of advisories but"},
      {manifest_of(layer_of("application/vnd.oci.image.layer.v1.tar+zstd", kDigest, "7")), "neither a tar nor one"},
      {manifest_of(layer_of(kTar, "sha256:../../x", "7")), "layers[0].digest"},
      {manifest_of(layer_of(kTar, "sha512:" + std::string(128, 'b'), "7")), "layers[0].digest"},
      {manifest_of(layer_of(kTar, kDigest, "0")), "layers[0].size"},
      {manifest_of(layer_of(kTar, kDigest, "-1")), "layers[0].size"},
      {manifest_of(layer_of(kTar, kDigest, "1.5")), "layers[0].size"},
      {manifest_of(layer_of(kTar, kDigest, "\"7\"")), "layers[0].size"},
      {std::string(kMaxManifestBytes + 1, ' '), "larger than"},
      {std::string(5000, '['), "not JSON"},
  };
  for (const auto& [text, why] : rows) {
    const auto read = read_image_manifest(text);
    ASSERT_FALSE(read) << text.substr(0, 200);
    EXPECT_NE(read.error().text.find(why), std::string::npos) << read.error().text;
    EXPECT_EQ(read.error().text.find('\x1b'), std::string::npos);
  }
}

TEST(ImageList, NamesImagesOfEachArchitecture) {
  const ImageFacts facts{"", "2026-11-28T00:00:00Z", {}};
  const Blob first{kDigest, 700};
  const std::string list = write_image_list(facts, {{"amd64", first}, {"arm64", blob_of("other")}});
  const auto found = first_of_image_list(list);
  ASSERT_TRUE(found) << found.error().text;
  EXPECT_EQ(*found, first);
  EXPECT_TRUE(list.starts_with(R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json",)"
                               R"("artifactType":"application/vnd.initscan.advisories.v1","manifests":[{"mediaType":)"
                               R"("application/vnd.oci.image.manifest.v1+json","digest":")" +
                               kDigest + R"(","size":700,"platform":{"architecture":"amd64","os":"linux"}},)"))
      << list;
}

TEST(ImageList, IsNoneOfAnythingElse) {
  EXPECT_EQ(*first_of_image_list(manifest_of("5")), std::nullopt);
  for (const char* list : {"{}", "[]", R"({"schemaVersion":2,"manifests":[]})", R"({"schemaVersion":2,"manifests":5})",
                           R"({"schemaVersion":2,"manifests":[5]})",
                           R"({"schemaVersion":2,"manifests":[{"digest":"sha256:..","size":5}]})"}) {
    EXPECT_FALSE(first_of_image_list(list)) << list;
  }
}

}  // namespace
}  // namespace initscan
