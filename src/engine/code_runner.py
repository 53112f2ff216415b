# SPDX-License-Identifier: BSD-2-Clause
# What runs the code blocks of a script: drillpress puts this text before the
# blocks and gives the whole to the code command. Python 3.6 is enough.
#
# Blocks share one namespace. Before each, its sample of the socket is assigned,
# then its text runs under the name and with the line numbers of the script.
# What happens goes as lines of fields to the descriptor `dp_report`:
#
#	syntax LINE MESSAGE		a block is no Python; none was run
#	block NUMBER			block NUMBER (from 0) begins
#	print TEXT			what it has printed
#	frame LINE FUNCTION		it failed here, outermost call first
#	differs FIELD WANT GOT		a comparison of its assertion that is false
#	value NAME VALUE		a name in the statement that failed
#	failed TYPE MESSAGE
#	exit TEXT			it has ended the program; TEXT empty = with success
#	end				all blocks were run


def dp_main(script, report_fd, constants, blocks):
    import ast
    import io
    import os
    import sys

    most = 4000  # characters of one text in a report
    operators = {
        ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">",
        ast.GtE: ">=", ast.In: "in", ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not",
    }

    def report(*fields):
        texts = []
        for field in fields:
            text = str(field)
            if len(text) > most:
                text = text[:most] + "..."
            for plain, escape in ("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\0", "\\0"):
                text = text.replace(plain, escape)
            texts.append(text)
        os.write(report_fd, ("\t".join(texts) + "\n").encode("utf-8", "backslashreplace"))

    def shown(value):
        try:
            return repr(value)
        except Exception as error:
            return "(%s)" % error

    # True if evaluating it once more does nothing but look.
    def is_plain(node):
        harmless = (ast.Expression, ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator,
                    ast.unaryop, ast.expr_context, ast.Tuple, ast.List,
                    getattr(ast, "Num", ast.Constant), getattr(ast, "Str", ast.Constant))
        return all(isinstance(part, harmless) for part in ast.walk(node))

    def evaluate(node, frame):
        code = compile(ast.fix_missing_locations(ast.Expression(node)), script, "eval")
        return eval(code, frame.f_globals, frame.f_locals)

    def source_of(node, text):
        segment = getattr(ast, "get_source_segment", lambda text, node: None)(text, node)
        return " ".join(segment.split()) if segment else "?"

    def comparisons(test):
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
            for part in test.values:
                for compare in comparisons(part):
                    yield compare
        elif isinstance(test, ast.Compare):
            left = test.left
            for op, right in zip(test.ops, test.comparators):
                yield left, op, right
                left = right

    def differences(test, text, frame):
        for left, op, right in comparisons(test):
            if not is_plain(left) or not is_plain(right):
                continue
            one = ast.Compare(left=left, ops=[op], comparators=[right])
            try:
                if evaluate(ast.copy_location(one, left), frame):
                    continue
                got, want = shown(evaluate(left, frame)), shown(evaluate(right, frame))
            except Exception:
                continue
            named = source_of(right, text)
            if named != want:
                named = "%s (%s)" % (named, want)
            report("differs", source_of(left, text), "%s %s" % (operators[type(op)], named), got)

    def values(statement, frame):
        told = set()
        names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
        for node in sorted(names, key=lambda node: (node.lineno, node.col_offset)):
            if node.id in told:
                continue
            told.add(node.id)
            value = frame.f_locals.get(node.id, frame.f_globals.get(node.id, dp_main))
            if not callable(value) and type(value) is not type(sys):
                report("value", node.id, shown(value))

    # The innermost statement that the line belongs to, and the text around it.
    def statement_at(line):
        for first, sample, text in blocks:
            if first <= line <= first + text.count(b"\n"):
                break
        else:
            return None, ""
        text = text.decode("utf-8", "replace")
        found = None
        for node in ast.walk(ast.parse(text + "\n")):
            if isinstance(node, ast.stmt) and node.lineno + first - 1 <= line:
                if not found or node.lineno >= found.lineno:
                    found = node
        return found, text

    def failure(error):
        trace = error.__traceback__
        frame = line = None
        while trace:
            if trace.tb_frame.f_code.co_filename == script:
                frame, line = trace.tb_frame, trace.tb_lineno
                report("frame", line, frame.f_code.co_name)
            trace = trace.tb_next
        statement, text = statement_at(line) if frame else (None, "")
        message = str(error)
        if isinstance(statement, ast.Assert) and isinstance(error, AssertionError):
            differences(statement.test, text, frame)
            message = source_of(statement.test, text) + (": " + message if message else "")
        if statement and not isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            values(statement, frame)
        report("failed", type(error).__name__, message)

    compiled = []
    for line, sample, text in blocks:
        try:
            compiled.append(compile(b"\n" * (line - 1) + text + b"\n", script, "exec",
                                    dont_inherit=True))
        except (SyntaxError, ValueError) as error:
            report("syntax", getattr(error, "lineno", None) or line,
                   getattr(error, "msg", None) or error)
            return 1
    names = {"__name__": "__main__", "__builtins__": __builtins__}
    stdout = sys.stdout
    for number, code in enumerate(compiled):
        line, sample, text = blocks[number]
        names.update(constants)
        names.update(sample, _file=script, _line=line)
        report("block", number)
        sys.stdout = io.StringIO()
        done = False
        try:
            exec(code, names)
            done = True
        except SystemExit as error:
            status = error.code
            report("exit", "" if status is None or status == 0 else shown(status))
            return 0 if status is None or status == 0 else 1
        except BaseException as error:
            failure(error)
            return 1
        finally:
            printed, sys.stdout = sys.stdout.getvalue(), stdout
            if printed:
                report("print", printed)
    report("end")
    return 0

