dist_man_MANS = %D%/drillpress.1 %D%/drillpress-script.5 %D%/packetdrill.1
stacksdocdir = $(docdir)/stacks
dist_stacksdoc_DATA = %D%/stacks/README.md %D%/stacks/lwip.md
learndocdir = $(docdir)/learn
dist_learndoc_DATA = %D%/learn/README.md %D%/learn/handshake.md %D%/learn/teardown.md \
	%D%/learn/resets.md %D%/learn/timers.md
dist_doc_DATA = %D%/script-language.md %D%/architecture.md %D%/agent.md %D%/compat.md \
	%D%/findings.md %D%/ledger.md %D%/results.md %D%/targets.md README.md CONTRIBUTING.md LICENSE

# Examples for CI engines, to be copied.
cidir = $(docdir)/ci
dist_ci_DATA = %D%/ci/README.md %D%/ci/github-actions.yml %D%/ci/gitlab-ci.yml \
	%D%/ci/buildkite.yml %D%/ci/Jenkinsfile %D%/ci/kubernetes-job.yaml %D%/ci/slurm.sbatch \
	%D%/ci/kselftest.sh %D%/ci/machines.sh %D%/ci/shards.mk

# The script library, as a tree of its own below the data folder.
EXTRA_DIST += scripts quickstart
install-data-local:
	cd $(srcdir) && find scripts -type d | while read -r d; do \
		$(MKDIR_P) "$(DESTDIR)$(pkgdatadir)/$$d" || exit 1; done
	cd $(srcdir) && find scripts -type f | while read -r f; do \
		$(INSTALL_DATA) "$$f" "$(DESTDIR)$(pkgdatadir)/$$f" || exit 1; done
uninstall-local:
	rm -rf "$(DESTDIR)$(pkgdatadir)/scripts"
