#pragma once

namespace initscan {

// Deletes an object of OpenSSL: std::unique_ptr<BIO, OpensslFree<BIO_free_all>>.
template <auto free>
struct OpensslFree {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};

}  // namespace initscan
