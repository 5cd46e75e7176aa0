-- Infill, edit and complete code by a local diffusion model, through the built-in language client of Neovim 0.7 or newer.
--
--   :[range]StableDiffCoderInfill             fills the selection anew; without one the line, from its indentation on
--   :[range]StableDiffCoderEdit [instruction] rewrites the selection, without one the line; asks for what is not given
--   :StableDiffCoderCancel                    stops what is under way
--   <C-l> in insert mode                      writes the suggestion at the cursor (Neovim 0.12 shows it before)
--
-- Each result is one undo step. A selection made with v counts to the character, other ranges are whole lines.
-- vim.g.stable_diffcoder = { command = { … }, filetypes = { … }, complete = '<C-l>' } changes the defaults.

local options = vim.tbl_extend('keep', vim.g.stable_diffcoder or {}, {
  command = { 'stable-diffcoder', 'lsp' },
  filetypes = { 'cs' },
  complete = '<C-l>',
})
local clients = {} -- buffer number -> client id
local pending = {} -- request id -> client id
local shared
local is_recent = vim.fn.has('nvim-0.11') == 1

local function attach(buffer)
  -- start_client is Neovim 0.7's.
  shared = shared
    or (vim.lsp.start or vim.lsp.start_client)({
      name = 'stable-diffcoder',
      cmd = options.command,
      cmd_env = { DOTNET_EnableDiagnostics = '0' }, -- no socket of the .NET runtime's debugger
      root_dir = vim.fn.getcwd(),
      init_options = { ownPreview = true }, -- edits are asked for and undone by u: none needs a confirmation
      on_attach = function(client, attached)
        if vim.lsp.inline_completion and client.server_capabilities.inlineCompletionProvider then
          vim.lsp.inline_completion.enable(true, { bufnr = attached })
        end
      end,
      on_exit = function()
        shared = nil
      end,
    })
  if shared and vim.lsp.buf_attach_client(buffer, shared) then
    clients[buffer] = shared
  end
end

-- Methods of a client take it as their first argument since Neovim 0.11.
local function call(client, method, ...)
  if is_recent then
    return client[method](client, ...)
  end
  return client[method](...)
end

-- Neovim counts bytes, the protocol UTF-16 units.
local function to_units(line, bytes)
  if is_recent then
    return vim.str_utfindex(line, 'utf-16', bytes)
  end
  local _, units = vim.str_utfindex(line, bytes)
  return units
end

local function to_bytes(line, units)
  if is_recent then
    return vim.str_byteindex(line, 'utf-16', units)
  end
  return vim.str_byteindex(line, units, true)
end

local function position(row, column)
  return { line = row, character = to_units(vim.fn.getline(row + 1), column) }
end

-- The range of a command: the visual selection to the character, if the range is that of one made with v, else whole lines.
local function range_of(arguments, from_indentation)
  local first, last = vim.fn.getpos("'<"), vim.fn.getpos("'>")
  if arguments.range == 2 and vim.fn.visualmode() == 'v' and first[2] == arguments.line1 and last[2] == arguments.line2 then
    local line = vim.fn.getline(last[2])
    local stop = math.min(last[3] - 1, #line)
    if vim.o.selection ~= 'exclusive' then
      stop = stop + #vim.fn.matchstr(line:sub(stop + 1), '^.')
    end
    return { start = position(first[2] - 1, first[3] - 1), ['end'] = position(last[2] - 1, stop) }
  end
  local line = vim.fn.getline(arguments.line1)
  return {
    start = position(arguments.line1 - 1, from_indentation and #line:match('^%s*') or 0),
    ['end'] = position(arguments.line2 - 1, #vim.fn.getline(arguments.line2)),
  }
end

local function request(method, params, apply)
  local buffer = vim.api.nvim_get_current_buf()
  local client = clients[buffer] and vim.lsp.get_client_by_id(clients[buffer])
  if not client then
    return vim.notify('stable-diffcoder does not run for this buffer', vim.log.levels.WARN)
  end
  params.textDocument = vim.lsp.util.make_text_document_params(buffer)
  local tick = vim.api.nvim_buf_get_changedtick(buffer)
  local id
  local function answer(failure, result)
    pending[id or 0] = nil
    if failure then
      -- Cancelled by the user or because the text went on.
      if failure.code ~= -32800 and failure.code ~= -32801 then
        vim.notify(failure.message, vim.log.levels.ERROR)
      end
    elseif not vim.api.nvim_buf_is_valid(buffer) or vim.api.nvim_buf_get_changedtick(buffer) ~= tick then
      vim.notify('the text changed before the answer came', vim.log.levels.WARN)
    elseif type(result) == 'table' then
      apply(result, buffer)
    else
      vim.notify('stable-diffcoder has nothing to say here')
    end
  end
  local _
  _, id = call(client, 'request', method, params, answer, buffer)
  if id then
    pending[id] = client.id
  end
end

local function infill(arguments)
  request('stableDiffCoder/infill', { spans = { range_of(arguments, true) } }, function(result, buffer)
    vim.lsp.util.apply_text_edits(result.edits, buffer, 'utf-16')
  end)
end

local function edit(arguments)
  local range = range_of(arguments, false)
  local function send(instruction)
    if instruction and instruction ~= '' then
      request('stableDiffCoder/edit', { range = range, instruction = instruction }, function(result, buffer)
        local changes = result.documentChanges or {}
        if #changes == 0 then
          vim.notify('the model would change nothing')
        end
        for _, change in ipairs(changes) do
          vim.lsp.util.apply_text_edits(change.edits, buffer, 'utf-16')
        end
      end)
    end
  end
  if arguments.args ~= '' then
    send(arguments.args)
  else
    vim.ui.input({ prompt = 'Edit: ' }, send)
  end
end

local function cancel()
  for id, client in pairs(pending) do
    call(vim.lsp.get_client_by_id(client), 'cancel_request', id)
  end
end

-- Writes the suggestion at the cursor and puts the cursor behind it.
local function complete()
  if vim.lsp.inline_completion and vim.lsp.inline_completion.get() then
    return
  end
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local params = { position = position(row - 1, column), context = { triggerKind = 1 } }
  request('textDocument/inlineCompletion', params, function(result, buffer)
    local item = result.items[1]
    local start = to_bytes(vim.fn.getline(row), item.range.start.character)
    local lines = vim.split(item.insertText, '\n', { plain = true })
    vim.lsp.util.apply_text_edits({ { range = item.range, newText = item.insertText } }, buffer, 'utf-16')
    pcall(vim.api.nvim_win_set_cursor, 0, { row + #lines - 1, (#lines == 1 and start or 0) + #lines[#lines] })
  end)
end

vim.api.nvim_create_autocmd('FileType', {
  pattern = options.filetypes,
  callback = function(event)
    attach(event.buf)
    vim.keymap.set('i', options.complete, complete, { buffer = event.buf })
  end,
})
vim.api.nvim_create_user_command('StableDiffCoderInfill', infill, { range = true })
vim.api.nvim_create_user_command('StableDiffCoderEdit', edit, { range = true, nargs = '*' })
vim.api.nvim_create_user_command('StableDiffCoderCancel', cancel, {})
