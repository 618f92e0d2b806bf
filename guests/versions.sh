# The exact tools that the committed modules are built with; other versions give other bytes. Sourced by the
# scripts next to it.
RUST_VERSION=1.95.0
RUST_COMMIT=59807616e1fa2540724bfbac14d7976d7e4a3860
RUST_SRC_DEB=1.95.0+dfsg1-2~bpo13+1
RUST_SRC_SHA256=7b76db5b880a77f9e52975d2baa6209d2f76d2c9c2789515c3088cb960e2c83b
WASI_LIBC_DEB=0.0~git20220510.9886d3d-2
WASI_LIBC_SHA256=513e25eeca77f7e31adf928b684714dd656cc6bc70c2970abfe3b4117e3b736f
