;;; stable-diffcoder.el --- Infill and edit code by a local diffusion model  -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "28.1") (eglot "1.9"))
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Commands for buffers that eglot manages with `stable-diffcoder lsp':
;;
;;   M-x stable-diffcoder-infill     fills the region anew, without one the line from its indentation on
;;   M-x stable-diffcoder-edit       rewrites the region, without one the line, as you say in the minibuffer
;;   M-x stable-diffcoder-complete   writes what the model suggests at point
;;
;; Each result is one undo step.  C-g stops the server's work and leaves the buffer as it is.

;;; Code:

(require 'cl-lib)
(require 'eglot)
(require 'jsonrpc)

(defvar stable-diffcoder-command '("env" "DOTNET_EnableDiagnostics=0" "stable-diffcoder" "lsp")
  "The command that starts the server, without a socket of the .NET runtime's debugger.")

(defvar stable-diffcoder-modes '(csharp-mode csharp-ts-mode)
  "The major modes in which `eglot' starts the server.")

(add-to-list 'eglot-server-programs
             (cons stable-diffcoder-modes (lambda (&rest _) stable-diffcoder-command)))

(defvar stable-diffcoder--history nil "Instructions given so far.")

(defun stable-diffcoder--units (start end)
  "How many UTF-16 units stand between START and END."
  (- (/ (length (encode-coding-region start end 'utf-16 t)) 2) 1))

(defun stable-diffcoder--position (point)
  "POINT as a position of the language server: line and UTF-16 units."
  (save-excursion
    (save-restriction
      (widen)
      (goto-char point)
      (list :line (1- (line-number-at-pos nil t))
            :character (stable-diffcoder--units (line-beginning-position) point)))))

(defun stable-diffcoder--marker (position)
  "A marker at POSITION of the language server."
  (save-excursion
    (save-restriction
      (widen)
      (goto-char (point-min))
      (forward-line (plist-get position :line))
      (let ((units (plist-get position :character)))
        (while (and (> units 0) (not (eolp)))
          (cl-decf units (if (> (char-after) #xffff) 2 1))
          (forward-char)))
      (point-marker))))

(defun stable-diffcoder--range (start end)
  "START to END as a range of the language server."
  (list :start (stable-diffcoder--position start) :end (stable-diffcoder--position end)))

(defun stable-diffcoder--document ()
  "The buffer's document as the language server names it."
  (list :uri (plist-get (eglot--TextDocumentIdentifier) :uri)))

(defun stable-diffcoder--request (method params)
  "Ask the server for METHOD with PARAMS and wait; \\[keyboard-quit] cancels the request."
  (let ((server (or (eglot-current-server) (user-error "No language server runs for this buffer; M-x eglot starts it")))
        (tick (buffer-chars-modified-tick))
        (state 'waiting)
        id outcome)
    (eglot--signal-textDocument/didChange)
    (jsonrpc-async-request server method params
                           :success-fn (lambda (result) (setq outcome result state 'done))
                           :error-fn (lambda (failure) (setq outcome failure state 'failed))
                           :timeout 600
                           :timeout-fn (lambda () (setq outcome '(:message "no answer within ten minutes") state 'failed)))
    (setq id (jsonrpc--next-request-id server))
    (condition-case nil
        (while (and (eq state 'waiting) (jsonrpc-running-p server))
          (accept-process-output nil 0.1))
      (quit
       (jsonrpc-notify server :$/cancelRequest (list :id id))
       (signal 'quit nil)))
    (cond
     ((eq state 'failed) (user-error "%s" (plist-get outcome :message)))
     ((eq state 'waiting) (user-error "The language server has ended"))
     ((/= tick (buffer-chars-modified-tick)) (user-error "The buffer changed before the answer came")))
    outcome))

(defun stable-diffcoder--apply (edits)
  "Make EDITS, a sequence of the protocol's TextEdits, in the current buffer."
  (let ((places (mapcar (lambda (edit)
                          (let ((range (plist-get edit :range)))
                            (list (stable-diffcoder--marker (plist-get range :start))
                                  (stable-diffcoder--marker (plist-get range :end))
                                  (plist-get edit :newText))))
                        edits)))
    (atomic-change-group
      (save-excursion
        (save-restriction
          (widen)
          ;; From the end, or what is inserted at an edit's start would come before the text of an edit that ends there.
          (pcase-dolist (`(,start ,end ,text) (nreverse places))
            (goto-char start)
            (delete-region start end)
            (insert text)
            (set-marker start nil)
            (set-marker end nil)))))))

(defun stable-diffcoder--bounds (whole-line)
  "The region, or the current line: all of it if WHOLE-LINE, else from its indentation on."
  (if (use-region-p)
      (list (region-beginning) (region-end))
    (list (if whole-line (line-beginning-position) (save-excursion (back-to-indentation) (point)))
          (line-end-position))))

;;;###autoload
(defun stable-diffcoder-infill (start end)
  "Replace START to END by what the model would write there."
  (interactive (stable-diffcoder--bounds nil))
  (let ((result (stable-diffcoder--request
                 :stableDiffCoder/infill
                 (list :textDocument (stable-diffcoder--document)
                       :spans (vector (stable-diffcoder--range start end))))))
    (stable-diffcoder--apply (plist-get result :edits))))

;;;###autoload
(defun stable-diffcoder-edit (start end instruction)
  "Rewrite START to END as INSTRUCTION says."
  (interactive
   (append (stable-diffcoder--bounds t)
           (list (read-string "Edit: " nil 'stable-diffcoder--history))))
  (let* ((result (stable-diffcoder--request
                  :stableDiffCoder/edit
                  (list :textDocument (stable-diffcoder--document)
                        :range (stable-diffcoder--range start end)
                        :instruction instruction)))
         (edits (cl-loop for change across (or (plist-get result :documentChanges) [])
                         append (append (plist-get change :edits) nil))))
    (if edits
        (stable-diffcoder--apply edits)
      (message "The model would change nothing"))))

;;;###autoload
(defun stable-diffcoder-complete ()
  "Write what the model suggests at point, and put point behind it."
  (interactive)
  (let* ((result (stable-diffcoder--request
                  :textDocument/inlineCompletion
                  (list :textDocument (stable-diffcoder--document)
                        :position (stable-diffcoder--position (point))
                        :context '(:triggerKind 1))))
         (item (and result (elt (plist-get result :items) 0))))
    (if (not item)
        (message "No suggestion here")
      (let* ((range (plist-get item :range))
             (text (plist-get item :insertText))
             (start (marker-position (stable-diffcoder--marker (plist-get range :start)))))
        (stable-diffcoder--apply (list (list :range range :newText text)))
        (goto-char (+ start (length text)))))))

(provide 'stable-diffcoder)
;;; stable-diffcoder.el ends here
