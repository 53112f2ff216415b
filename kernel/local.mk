# What `drillpress kernel build` works with; config.status links it beside the program, too.
kerneldatadir = $(pkgdatadir)/kernel
dist_kerneldata_SCRIPTS = %D%/build
dist_kerneldata_DATA = %D%/uml.config
