"""One call, inside the fence: compiles the Evaluator's code, gives it the Log, and says what it answered."""
import ast
import codecs
import linecache
import math
import sys
import traceback
import types
from json import dumps, loads  # by name: the code may put something else into the module

_FRAMES = 6
_CHARACTERS = 1000  # of a message, and of the frames above it
_MEMORY = b'{"memory":true}'

codecs.register_error("lone surrogates", lambda found: ("\ufffd".encode() * (found.end - found.start), found.end))


def answer(path, code, log):
    """The answer as JSON: a judgment and a reason, or an error."""
    try:
        return _json(_judge(path, code.decode(), log))
    except MemoryError:
        return _MEMORY
    except BaseException as failure:  # SystemExit and KeyboardInterrupt too
        return _told(path, failure)


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            pass  # the code closed it, or put something else in its place


def _judge(path, code, log):
    linecache.cache[path] = (len(code), None, code.splitlines(keepends=True), path)
    tree = ast.parse(code, path)
    functions = [each.name for each in tree.body if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))]
    if not functions:
        return {"error": "The code defines no function; the last one that it defines is called with the Log."}
    module = types.ModuleType("evaluator")
    sys.modules["evaluator"] = module  # dataclasses and typing look a class's module up
    exec(compile(tree, path, "exec", dont_inherit=True), module.__dict__)
    return _checked(module.__dict__[functions[-1]](_read(log)), functions[-1])


def _read(log):
    """The Log as a dict. What is under it is there by both names that Evaluators know it by."""
    head = loads(log)
    open_logs = [head]
    while open_logs:
        each = open_logs.pop()
        if isinstance(each, dict) and isinstance(each.get("trace_children"), list):
            each["children"] = each["trace_children"]
            open_logs.extend(each["trace_children"])
    return head


def _checked(answered, function):
    judgment, reason = answered, None
    if isinstance(answered, tuple):
        if len(answered) != 2 or not isinstance(answered[1], (str, type(None))):
            return {"error": f"{function} returned a tuple that is not (judgment, reason), the reason a text."}
        judgment, reason = answered
    if isinstance(judgment, (int, float)) and not _is_finite(judgment):
        return {"error": f"{function} returned a number that is not finite; a finite one is accepted."}
    if judgment is None or isinstance(judgment, (bool, int, float, str)):
        return {"judgment": judgment, "reason": reason}
    if isinstance(judgment, list) and all(isinstance(each, str) for each in judgment):
        return {"judgment": judgment, "reason": reason}
    return {"error": f"{function} returned a {type(judgment).__name__}; "
                     "a bool, a number, a text, a list of texts or None is accepted."}


def _is_finite(number):
    try:
        return math.isfinite(number)
    except OverflowError:  # an int beyond every float
        return False


def _told(path, failure):
    try:
        return _json({"error": _described(path, failure)})
    except MemoryError:
        return _MEMORY
    except BaseException:  # what it says of itself is the code's too
        return _json({"error": f"The code raised {type(failure).__name__}."})


def _described(path, failure):
    frames = [frame for frame in traceback.walk_tb(failure.__traceback__)]
    while frames and frames[0][0].f_code.co_filename != path:
        frames.pop(0)
    above = "".join(traceback.StackSummary.extract(iter(frames), limit=-_FRAMES).format())[-_CHARACTERS:]
    message = "".join(traceback.format_exception_only(type(failure), failure)).strip()
    if len(message) > _CHARACTERS:
        message = message[:_CHARACTERS] + "…"
    return above + message


def _json(said):
    return dumps(said, ensure_ascii=False, allow_nan=False).encode(errors="lone surrogates")
