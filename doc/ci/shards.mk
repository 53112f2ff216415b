# SPDX-License-Identifier: BSD-2-Clause
# make: `make -f shards.mk check SHARDS=4` runs the shards one after the other,
# `make -j4 ...` side by side, and joins them. Shards whose results are there are
# not run again; `make -f shards.mk clean` forgets them.
SHARDS = 4
DRILLPRESS = drillpress
SCRIPTS = scripts
RESULTS = results

json = $(patsubst %,$(RESULTS)/%.json,$(shell seq $(SHARDS)))

check: $(json)
	$(DRILLPRESS) merge $(json) --report junit=$(RESULTS)/junit.xml

# What the scripts find is told by merge.
$(json): $(RESULTS)/%.json:
	mkdir -p $(RESULTS)
	$(DRILLPRESS) run --no-record --shard=$*/$(SHARDS) --dossier $(RESULTS)/dossiers \
		--report json=$@ $(SCRIPTS) || test -s $@

clean:
	rm -rf $(RESULTS)

.DELETE_ON_ERROR:
.PHONY: check clean
