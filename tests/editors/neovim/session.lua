-- Drives a real server through docs/editors/neovim/stable-diffcoder.lua, in a headless Neovim. Started by NeovimTests.cs, which gives
-- SAMPLE (a C# file to edit), LINES (how many it has), HOLE (the line to fill) and REPORT (where the findings go as JSON).
-- Any failed check ends Neovim with code 1 and the reason on stderr.

local patience = 120000
local report = { progress = {}, messages = {} }

local function check(condition, message)
  if not condition then
    error(message, 2)
  end
end

local function wait_for(what, condition)
  check(vim.wait(patience, condition, 20), 'waited in vain for ' .. what)
end

local function line(number)
  return vim.api.nvim_buf_get_lines(0, number - 1, number, true)[1]
end

-- The Lua of Neovim 0.7 counts bytes; LSP counts UTF-16 units.
local function utf16_length(text)
  local _, units = vim.str_utfindex(text)
  return units
end

local function await(client, method, params)
  local done, failure, result
  local sent, id = client.request(method, params, function(f, r)
    done, failure, result = true, f, r
    -- Not 0: Neovim 0.7 flushes pending edits of the buffer with that very number before it sends a request.
  end, vim.api.nvim_get_current_buf())
  check(sent, method .. ' was not sent')
  wait_for('the answer to ' .. method, function()
    return done
  end)
  return failure, result, id
end

-- Runs a command that edits; checks that only its lines change, and that one undo takes that back; returns the lines it made.
local function run(command)
  local before = vim.api.nvim_buf_get_lines(0, 0, -1, true)
  local tick = vim.api.nvim_buf_get_changedtick(0)
  -- A user's keys part the undo steps; in a script this does.
  vim.cmd('let &undolevels = &undolevels')
  vim.cmd(command)
  wait_for(command .. ' to edit', function()
    return vim.api.nvim_buf_get_changedtick(0) > tick
  end)
  local after = vim.api.nvim_buf_get_lines(0, 0, -1, true)
  vim.cmd('undo')
  check(vim.deep_equal(before, vim.api.nvim_buf_get_lines(0, 0, -1, true)), 'one undo does not take back ' .. command)
  return after
end

local function session()
  local on_progress = vim.lsp.handlers['$/progress']
  vim.lsp.handlers['$/progress'] = function(failure, result, context, ...)
    table.insert(report.progress, result.value)
    return on_progress(failure, result, context, ...)
  end
  vim.notify = function(message)
    table.insert(report.messages, message)
  end

  vim.cmd('edit ' .. vim.fn.fnameescape(os.getenv('SAMPLE')))
  vim.bo.filetype = 'cs'
  local get_clients = vim.lsp.get_clients or vim.lsp.get_active_clients
  wait_for('the server to attach', function()
    local client = get_clients()[1]
    return client ~= nil and client.initialized
  end)
  local client = get_clients()[1]
  report.capabilities = client.server_capabilities
  report.encoding = client.offset_encoding
  wait_for('the model', function()
    local last = report.progress[#report.progress]
    return last ~= nil and last.kind == 'end'
  end)

  -- Edits of all kinds, characters outside the BMP among them. The server tells a line's length by clamping a range to it.
  vim.api.nvim_buf_set_lines(0, 0, 0, true, { '// 😀 first', '' })
  vim.api.nvim_buf_set_text(0, 0, #'// 😀', 0, #'// 😀 first', { ' é 𝔘', 'second' })
  vim.cmd('normal! Gofinal: 😀')
  vim.cmd('normal! ggJ')
  for number = 1, vim.api.nvim_buf_line_count(0) do
    local range = { start = { line = number - 1, character = 0 }, ['end'] = { line = number - 1, character = 2147483647 } }
    local failure, result = await(client, 'stableDiffCoder/infill', {
      textDocument = vim.lsp.util.make_text_document_params(0),
      spans = { range },
      maxNewTokens = 1,
    })
    check(not failure, 'infill of line ' .. number .. ' failed: ' .. vim.inspect(failure))
    local seen = result.spans[1].range['end']
    check(
      seen.line == number - 1 and seen.character == utf16_length(line(number)),
      'the server has another line ' .. number .. ': ' .. vim.inspect(seen) .. ' against ' .. line(number)
    )
  end

  -- The commands: the line changes, its neighbours and its indentation stay, one undo takes it back.
  local hole = tonumber(os.getenv('HOLE'))
  hole = hole + vim.api.nvim_buf_line_count(0) - tonumber(os.getenv('LINES')) - 1
  local before = line(hole)
  report.hole = { before = before, after = run(hole .. 'StableDiffCoderInfill')[hole] }
  check(report.hole.after:match('^%s*') == before:match('^%s*'), 'the indentation changed')

  -- The visual selection to the character, behind characters that are two units and four bytes; the prompt for an instruction.
  vim.api.nvim_buf_set_lines(0, hole, hole, true, { "        var s = '😀'; var t = 'é';" })
  vim.cmd("normal! " .. hole + 1 .. "Gfév\27")
  local selected = run("'<,'>StableDiffCoderInfill")[hole + 1]
  check(vim.startswith(selected, "        var s = '😀'; var t = '"), 'the selection begins elsewhere: ' .. selected)
  check(vim.endswith(selected, "';"), 'the selection ends elsewhere: ' .. selected)
  vim.api.nvim_buf_set_lines(0, hole, hole + 1, true, {})
  local field = vim.fn.search('private int count')
  vim.ui.input = function(prompt, answer)
    report.prompt = prompt.prompt
    answer('Make it public.')
  end
  report.edited = { before = line(field), after = run(field .. 'StableDiffCoderEdit')[field] }

  -- A cancelled request leaves the text as it is and says nothing.
  local lines = vim.api.nvim_buf_get_lines(0, 0, -1, true)
  vim.cmd('%StableDiffCoderInfill')
  vim.cmd('StableDiffCoderCancel')
  -- One model fills one after the other: when this is answered, so is the cancelled one.
  local start = { line = 0, character = 0 }
  local failed_next = await(client, 'stableDiffCoder/infill', {
    textDocument = vim.lsp.util.make_text_document_params(0),
    spans = { { start = start, ['end'] = start } },
    maxNewTokens = 1,
  })
  check(not failed_next, 'the server does not go on: ' .. vim.inspect(failed_next))
  check(vim.deep_equal(lines, vim.api.nvim_buf_get_lines(0, 0, -1, true)), 'a cancelled infill changed the text')

  -- The suggestion at the cursor, by the key of the configuration.
  vim.api.nvim_buf_set_lines(0, hole - 1, hole, true, { before:match('^%s*') .. before:match('^%s*(%S+)') .. ' ' })
  local typed = line(hole)
  vim.cmd('normal! ' .. hole .. 'G$')
  local failure, result = await(client, 'textDocument/inlineCompletion', {
    textDocument = vim.lsp.util.make_text_document_params(0),
    position = { line = hole - 1, character = #typed },
    context = { triggerKind = 1 },
  })
  check(not failure, 'inlineCompletion failed: ' .. vim.inspect(failure))
  check(type(result) == 'table', 'the model has no suggestion behind: ' .. typed)
  report.suggestion = result.items[1].insertText
  check(result.items[1].range.start.line == hole - 1, 'the suggestion is on another line')
  if vim.lsp.inline_completion then
    -- Neovim 0.12 drops what it asked for when insert mode ends, as it does behind the keys of a script.
    vim.o.virtualedit = 'onemore'
    vim.cmd('normal! ' .. hole .. 'G$l')
    vim.fn.maparg('<C-l>', 'i', false, true).callback()
  else
    vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes('A<C-l>', true, false, true), 'x', false)
  end
  wait_for('the suggestion to be written', function()
    return line(hole) ~= typed
  end)
  check(vim.startswith(line(hole), typed), 'the text before the cursor changed')
  report.completed = line(hole)

  -- A code action: the server fills the hole and asks the editor to make the edit.
  vim.api.nvim_buf_set_lines(0, hole - 1, hole, true, { before:match('^%s*') .. 'return ???;' })
  local here = { line = hole - 1, character = 0 }
  local refused, actions = await(client, 'textDocument/codeAction', {
    textDocument = vim.lsp.util.make_text_document_params(0),
    range = { start = here, ['end'] = here },
    context = { diagnostics = {} },
  })
  check(not refused, 'codeAction failed: ' .. vim.inspect(refused))
  local fill
  for _, action in ipairs(actions) do
    fill = vim.startswith(action.title, 'Fill the') and action or fill
  end
  check(fill, 'no action fills the hole: ' .. vim.inspect(actions))
  local failed = await(client, 'workspace/executeCommand', {
    command = fill.command.command,
    arguments = fill.command.arguments,
  })
  check(not failed, 'the command failed: ' .. vim.inspect(failed))
  check(not line(hole):find('???', 1, true), 'the hole is still there: ' .. line(hole))
  report.filled = line(hole)

  -- A stale version and nonsense are errors, and the server goes on.
  local stale = await(client, 'stableDiffCoder/infill', {
    textDocument = { uri = vim.uri_from_bufnr(0), version = -1 },
    spans = { { start = { line = 0, character = 0 }, ['end'] = { line = 0, character = 0 } } },
  })
  check(stale and stale.code == -32801, 'a stale version is answered ' .. vim.inspect(stale))
  local unknown = await(client, 'no/such/method', vim.empty_dict())
  check(unknown and unknown.code == -32601, 'an unknown method is answered ' .. vim.inspect(unknown))

  client.stop()
  wait_for('the server to end', function()
    return client.is_stopped()
  end)
end

local succeeded, reason = xpcall(session, debug.traceback)
vim.fn.writefile({ vim.json.encode(report) }, os.getenv('REPORT'))
if not succeeded then
  io.stderr:write(reason .. '\n')
  vim.cmd('cquit 1')
end
vim.cmd('quitall!')
