;;; session.el --- Drives a real server through eglot in an Emacs without a screen  -*- lexical-binding: t; -*-

;; Started by EmacsTests.cs, which gives COMMAND (a JSON array), SAMPLE (a C# file to edit) and REPORT (where the findings go as JSON), and
;; types the answers of prompts on stdin.  A failed check ends Emacs with a code that is not 0 and the reason on stderr.

(require 'json)
(require 'stable-diffcoder)

;; Emacs 28 has no mode for C#.
(unless (fboundp 'csharp-mode)
  (define-derived-mode csharp-mode prog-mode "C#"))
(add-to-list 'auto-mode-alist '("\\.cs\\'" . csharp-mode))

(setq eglot-sync-connect 60
      eglot-connect-timeout 120
      eglot-confirm-server-initiated-edits nil
      transient-mark-mode t
      stable-diffcoder-command (append (json-parse-string (getenv "COMMAND")) nil))

(defvar session-report nil "Findings, an association list.")

(defun session-note (name value)
  (push (cons name value) session-report))

(defun session-check (condition &rest message)
  (unless condition
    (error "%s" (apply #'format message))))

(defun session-wait (what condition)
  (let ((limit (+ (float-time) 120)))
    (while (not (funcall condition))
      (session-check (< (float-time) limit) "waited in vain for %s" what)
      (accept-process-output nil 0.05))))

(defun session-text ()
  (buffer-substring-no-properties (point-min) (point-max)))

(defun session-held ()
  "The text that the server has of this buffer."
  (eglot--signal-textDocument/didChange)
  (let ((held (jsonrpc-request (eglot-current-server) :stableDiffCoder/debug/text
                               (list :textDocument (eglot--TextDocumentIdentifier)))))
    (decode-coding-string (base64-decode-string (plist-get held :utf16)) 'utf-16le-unix)))

(defun session-go-to (text)
  (goto-char (point-min))
  (search-forward text)
  (goto-char (match-beginning 0)))

(defun session-select-line (text)
  "Make the line with TEXT the region, its indentation excluded."
  (session-go-to text)
  (end-of-line)
  (set-mark (point))
  (back-to-indentation))

(defun session-run (command)
  "Run COMMAND as a key would; check that one undo takes its change back, and that the server follows; returns the text it made."
  (let ((before (session-text)) after)
    (undo-boundary)
    (call-interactively command)
    (undo-boundary)
    (setq after (session-text))
    (session-check (equal after (session-held)) "the server has another text after %s" command)
    (deactivate-mark)
    (let ((last-command nil) (inhibit-message t))
      (unless (equal before after) (undo)))
    (session-check (equal before (session-text)) "one undo does not take %s back: %s" command (session-text))
    after))

(defun session-line-of (text number)
  (nth (1- number) (split-string text "\n")))

(cl-defmethod eglot-initialization-options (_server)
  "For stableDiffCoder/debug/text."
  '(:debugRequests t))

(defun session ()
  (let (server)
    (find-file (getenv "SAMPLE"))
    ;; It connects after the command in a user's session.
    (eglot-ensure)
    (run-hooks 'post-command-hook)
    (session-wait "the server to attach" #'eglot-current-server)
    (setq server (eglot-current-server))
    (session-note 'inlineCompletion (eglot--server-capable :inlineCompletionProvider))
    (session-check (equal (session-held) (session-text)) "the server has another text after opening")

    ;; Edits of all kinds, characters outside the BMP among them, behind the multi-byte ones too.
    (goto-char (point-min))
    (insert "// 😀 first\n")
    (session-go-to " first")
    (insert " é 𝔘\n// ")
    (goto-char (point-max))
    (insert "// final: 😀")
    (goto-char (point-min))
    (delete-indentation t)
    (session-check (equal (session-held) (session-text)) "the server has another text after the edits")

    ;; Infill of the region; its neighbours stay.
    (session-select-line "return items[count];")
    (let* ((number (line-number-at-pos)) (before (session-text)) (after (session-run #'stable-diffcoder-infill)))
      (session-note 'infilled (session-line-of after number))
      (session-check (string-prefix-p (buffer-substring (point-min) (line-beginning-position)) after) "text before the region changed")
      (session-check (string-suffix-p "    }\n}\n// final: 😀" after) "text behind the region changed: %s" after)
      (session-check (equal before (session-text)) "the buffer is not as it was"))

    ;; Behind characters outside the BMP, in their own line.
    (goto-char (point-max))
    (insert "\nvar 𝔘 = 1; /* 😀 */ var b = 2;")
    (set-mark (point))
    (backward-char 2)
    (let ((after (session-run #'stable-diffcoder-infill)))
      (session-check (string-match-p "\nvar 𝔘 = 1; /\\* 😀 \\*/ var b = " after) "the region begins elsewhere: %s" after))
    (session-go-to "\nvar 𝔘")
    (delete-region (point) (point-max))

    ;; An edit by an instruction, which the minibuffer asks for.
    (session-select-line "int count;")
    (let* ((number (line-number-at-pos)) (after (session-run #'stable-diffcoder-edit)))
      (session-note 'edited (session-line-of after number)))

    ;; The suggestion at point, asked for by a raw request and by the command.
    (session-go-to "return items[count];")
    (delete-region (point) (line-end-position))
    (insert "return ")
    (eglot--signal-textDocument/didChange)
    (let* ((typed (point))
           (answer (jsonrpc-request server :textDocument/inlineCompletion
                                    (list :textDocument (eglot--TextDocumentIdentifier)
                                          :position (eglot--pos-to-lsp-position)
                                          :context '(:triggerKind 1))
                                    :timeout 60))
           (text (plist-get (elt (plist-get answer :items) 0) :insertText)))
      (session-note 'suggestion text)
      (call-interactively #'stable-diffcoder-complete)
      (session-note 'completed (buffer-substring-no-properties (line-beginning-position) (line-end-position)))
      (session-check (> (point) typed) "the suggestion was not written")
      (session-check (looking-back (regexp-quote text) (point-min)) "point is not behind the suggestion"))

    ;; A code action: the server fills the hole and asks the editor to make the edit.
    (delete-region (save-excursion (back-to-indentation) (point)) (line-end-position))
    (insert "return ???;")
    (eglot--signal-textDocument/didChange)
    (let ((number (line-number-at-pos))
          (action (cl-find-if (lambda (action) (string-prefix-p "Fill the" (plist-get action :title)))
                              (eglot-code-actions (point)))))
      (session-check action "no action fills the hole")
      (eglot-execute-command server
                             (plist-get (plist-get action :command) :command)
                             (plist-get (plist-get action :command) :arguments))
      (session-note 'filled (session-line-of (session-text) number)))
    (session-check (not (string-match-p "\\?\\?\\?" (session-text))) "the hole is still there")
    (session-check (equal (session-held) (session-text)) "the server has another text after its own edit")

    ;; C-g stops the request: the server answers that it was cancelled, and the buffer stays. It is pressed as soon as the wait for the
    ;; answer begins; a timer's would only be seen when something arrives, and that may be the answer.
    (let ((before (session-text)) cancelled ended sent)
      (advice-add 'jsonrpc-connection-receive :after
                  (lambda (_connection message)
                    (when (plist-get message :error)
                      (setq cancelled (plist-get (plist-get message :error) :code)))))
      (advice-add 'jsonrpc-connection-send :after
                  (cl-function (lambda (_connection &key method &allow-other-keys)
                                 (when (equal method :stableDiffCoder/infill)
                                   (setq sent t)))))
      (advice-add 'accept-process-output :before
                  (lambda (&rest _)
                    (when sent
                      (setq sent nil
                            quit-flag t))))
      (condition-case nil
          (stable-diffcoder-infill (point-min) (point-max))
        (quit (setq ended t)))
      (session-check ended "C-g did not end the command")
      (session-wait "the answer to the cancelled request" (lambda () cancelled))
      (session-note 'cancelled cancelled)
      (session-check (equal before (session-text)) "a cancelled infill changed the buffer"))

    ;; Nonsense is an error, and the server goes on and ends in order.
    (session-check (eq -32601 (condition-case failure
                                  (jsonrpc-request server :no/such/method nil)
                                (jsonrpc-error (alist-get 'jsonrpc-error-code (cddr failure)))))
                   "an unknown method is not refused")
    (session-check (equal (session-held) (session-text)) "the server does not go on")
    (let ((process (jsonrpc--process server)))
      ;; By hand: `eglot-shutdown' kills a server that has not ended after 0.1 s.
      (jsonrpc-request server :shutdown nil :timeout 60)
      (jsonrpc-notify server :exit nil)
      (session-wait "the server to end" (lambda () (not (process-live-p process))))
      (session-note 'exitCode (process-exit-status process)))
    (set-buffer-modified-p nil)))

(unwind-protect
    (session)
  (with-temp-file (getenv "REPORT")
    (insert (json-serialize session-report :false-object :json-false))))

;;; session.el ends here
