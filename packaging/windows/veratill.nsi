; The set-up for Windows, made by packaging/windows/build, which gives it all its names.
; For the whole computer, in English or Chinese as Windows is. On a command line:
;   /S          asks nothing
;   /AUTOSTART  the till opens when somebody logs on; /AUTOSTART=no ends that; else it stays as it is
;   /UPDATE     a till that runs is no hindrance: its program becomes veratill.previous.exe, and the
;               new one is there when it is opened again
;   /D=FOLDER   another folder for the program (last, without quotes)
; and uninstall.exe: /S, and /PURGE, which removes books and settings too.
; Exit codes: 0 done, 1 cancelled, 2 files could not be written, 3 a till runs, 4 the data folder is
; not one, 5 this Windows is too old. With all but 0 what was there before is still there.
; No rule for the firewall: the till calls out, and what listens, listens on this computer alone.
Target amd64-unicode
SetCompressor /SOLID lzma
ManifestSupportedOS Win10
ManifestDPIAware true
RequestExecutionLevel admin
!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include WinVer.nsh

!define ADDED "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"
!define DATA "$APPDATA\${NAME}" ; of all users: %ProgramData%, as app/shop.go has it
!define LINK "$SMPROGRAMS\${NAME} 真账收银.lnk"
!define CODE_FILES 2
!define CODE_RUNS 3
!define CODE_DATA 4
!define CODE_OLD 5

Name "${NAME} 真账收银"
OutFile "${SETUP}"
InstallDir "$PROGRAMFILES64\${NAME}"
InstallDirRegKey HKLM "${ADDED}" "InstallLocation"
BrandingText "${NAME} ${VERSION}"
VIProductVersion "${NUMBERS}"
VIAddVersionKey /LANG=0 ProductName "${NAME}"
VIAddVersionKey /LANG=0 ProductVersion "${VERSION}"
VIAddVersionKey /LANG=0 FileVersion "${NUMBERS}"
VIAddVersionKey /LANG=0 FileDescription "${NAME} 真账收银 set-up"
VIAddVersionKey /LANG=0 CompanyName "${PUBLISHER}"
VIAddVersionKey /LANG=0 LegalCopyright "${PUBLISHER}, Apache License 2.0"

!define MUI_ICON "${WORK}/veratill.ico"
!define MUI_UNICON "${WORK}/veratill.ico"
!define MUI_ABORTWARNING
!define MUI_COMPONENTSPAGE_NODESC
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_FUNCTION OpenTill
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_COMPONENTS
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE English
!insertmacro MUI_LANGUAGE SimpChinese

!macro Say KEY EN ZH
  LangString ${KEY} ${LANG_ENGLISH} "${EN}"
  LangString ${KEY} ${LANG_SIMPCHINESE} "${ZH}"
!macroend
!insertmacro Say Program "The till" "收银程序"
!insertmacro Say Autostart "Open the till when somebody logs on" "登录后自动打开收银"
!insertmacro Say Purge "Remove the books and settings too (they can't be had back)" "同时删除账本和设置（无法恢复）"
!insertmacro Say Running "A till is open on this computer. Close it, then try again. Nothing was changed." "这台电脑上正开着收银。请先关闭它再试。什么都没有改动。"
!insertmacro Say Files "The program's files can't be written. The till is as it was before; books and settings were not touched." "程序文件写不进去。收银和原来一样，账本和设置没有动。"
!insertmacro Say Linked "${DATA} is a link to somewhere else. Nothing was changed: remove the link, then try again." "${DATA} 是指向别处的链接。什么都没有改动：请删除这个链接再试。"
!insertmacro Say Rights "The users of this computer could not be given the right to write in ${DATA}. Only who made the books can use the till." "没能给这台电脑的用户写入 ${DATA} 的权限。只有建立账本的用户才能使用收银。"
!insertmacro Say Old "The till needs Windows 10 or newer. Nothing was changed." "收银需要 Windows 10 或更新的版本。什么都没有改动。"
!insertmacro Say Kept "Books and settings are kept in ${DATA}." "账本和设置保留在 ${DATA}。"
!insertmacro Say Purged "Books and settings were removed from ${DATA}." "账本和设置已从 ${DATA} 删除。"
!insertmacro Say Unpurged "Not everything in ${DATA} could be removed." "${DATA} 里的文件没有全部删除。"

Var Update

!macro End CODE TEXT
  SetErrorLevel ${CODE}
  DetailPrint "${TEXT}"
  MessageBox MB_OK|MB_ICONSTOP "${TEXT}" /SD IDOK
  Quit
!macroend

; InUse FILE JUMP: goes to JUMP where a program can't be written, because it runs.
!macro InUse FILE JUMP
  ${If} ${FileExists} "$INSTDIR\${FILE}"
    ClearErrors
    FileOpen $0 "$INSTDIR\${FILE}" a
    IfErrors ${JUMP}
    FileClose $0
  ${EndIf}
!macroend

; AllClosed asks until no till runs; a silent run ends with CODE_RUNS.
!macro AllClosed
  again:
  !insertmacro InUse veratill.exe runs
  !insertmacro InUse veratill.com runs
  !insertmacro InUse veratill.previous.exe runs
  !insertmacro InUse veratill.previous.com runs
  Goto closed
  runs:
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(Running)" /SD IDCANCEL IDRETRY again
  SetErrorLevel ${CODE_RUNS}
  Quit
  closed:
!macroend

; Real: a data folder that is a link would give everybody the rights to what it leads to, because
; every user of a computer may make folders beside it.
!macro Real
  System::Call 'kernel32::GetFileAttributesW(w "${DATA}") i .r0'
  ${If} $0 <> -1
    IntOp $1 $0 & 0x400 ; FILE_ATTRIBUTE_REPARSE_POINT
    IntOp $2 $0 & 0x10  ; FILE_ATTRIBUTE_DIRECTORY
    ${If} $1 <> 0
    ${OrIf} $2 = 0
      !insertmacro End ${CODE_DATA} "$(Linked)"
    ${EndIf}
  ${EndIf}
!macroend

; Place STEM EXT: the new program is whole beside the old one before that gives way.
!macro Place STEM EXT
  ${If} ${FileExists} "$INSTDIR\${STEM}.${EXT}"
    Rename "$INSTDIR\${STEM}.${EXT}" "$INSTDIR\${STEM}.previous.${EXT}"
  ${EndIf}
  Rename "$INSTDIR\${STEM}.new.${EXT}" "$INSTDIR\${STEM}.${EXT}"
!macroend

; Back STEM EXT: what gave way comes back.
!macro Back STEM EXT
  Delete "$INSTDIR\${STEM}.new.${EXT}"
  ${If} ${FileExists} "$INSTDIR\${STEM}.previous.${EXT}"
    Delete "$INSTDIR\${STEM}.${EXT}"
    Rename "$INSTDIR\${STEM}.previous.${EXT}" "$INSTDIR\${STEM}.${EXT}"
  ${EndIf}
!macroend

Section "$(Program)" Till
  SectionIn RO
  SetOutPath "$INSTDIR"
  SetOverwrite on
  ClearErrors
  ; Nothing is begun while a till still runs what the last update replaced.
  Delete "$INSTDIR\veratill.previous.com"
  IfErrors failed
  Delete "$INSTDIR\veratill.previous.exe"
  IfErrors failed
  File "/oname=veratill.new.exe" "${STAGE}/veratill.exe"
  File "/oname=veratill.new.com" "${STAGE}/veratill.com"
  File "${STAGE}/*.txt"
  File "${STAGE}/sbom.cdx.json"
  File "${STAGE}/settings-example.toml"
  IfErrors back
  !insertmacro Place veratill com
  IfErrors back
  !insertmacro Place veratill exe
  IfErrors 0 placed
  back:
  !insertmacro Back veratill exe
  !insertmacro Back veratill com
  failed:
  !insertmacro End ${CODE_FILES} "$(Files)"
  placed:
  ${If} $Update = 0
    Delete "$INSTDIR\veratill.previous.exe"
  ${EndIf}
  Delete "$INSTDIR\veratill.previous.com" ; it stays while it runs, until the next set-up
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "${LINK}" "$INSTDIR\veratill.exe"

  CreateDirectory "${DATA}"
  ; Users may modify what is in there, whoever made it: by number, because names are translated.
  nsExec::Exec '"$SYSDIR\icacls.exe" "${DATA}" /grant *S-1-5-32-545:(OI)(CI)M /L /Q'
  Pop $0
  ; Beside it, the mark of how far the books had come (app/place.go): it outlives them, so that books which were lost are noticed.
  CreateDirectory "${DATA} State"
  nsExec::Exec '"$SYSDIR\icacls.exe" "${DATA} State" /grant *S-1-5-32-545:(OI)(CI)M /L /Q'
  Pop $1
  ${If} $0 != 0
    DetailPrint "$(Rights)"
    MessageBox MB_OK|MB_ICONEXCLAMATION "$(Rights)" /SD IDOK
  ${EndIf}

  WriteRegStr HKLM "${ADDED}" DisplayName "${NAME} 真账收银"
  WriteRegStr HKLM "${ADDED}" DisplayVersion "${VERSION}"
  WriteRegStr HKLM "${ADDED}" Publisher "${PUBLISHER}"
  WriteRegStr HKLM "${ADDED}" DisplayIcon "$INSTDIR\veratill.exe"
  WriteRegStr HKLM "${ADDED}" InstallLocation "$INSTDIR"
  WriteRegStr HKLM "${ADDED}" UninstallString '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${ADDED}" QuietUninstallString '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKLM "${ADDED}" NoModify 1
  WriteRegDWORD HKLM "${ADDED}" NoRepair 1
  SectionGetSize ${Till} $0
  WriteRegDWORD HKLM "${ADDED}" EstimatedSize $0 ; kB
SectionEnd

Section /o "$(Autostart)" Auto
  ReadRegStr $0 HKLM "${RUN}" "${NAME}"
  ${If} $0 == "" ; what the shop has changed there, such as -fullscreen, stays
    WriteRegStr HKLM "${RUN}" "${NAME}" '"$INSTDIR\veratill.exe"'
  ${EndIf}
SectionEnd

Section -
  ${IfNot} ${SectionIsSelected} ${Auto}
    DeleteRegValue HKLM "${RUN}" "${NAME}"
  ${EndIf}
SectionEnd

Function .onInit
  SetShellVarContext all
  ${IfNot} ${AtLeastWin10}
    !insertmacro End ${CODE_OLD} "$(Old)"
  ${EndIf}
  !insertmacro Real
  ${GetParameters} $R0
  StrCpy $Update 0
  ClearErrors
  ${GetOptions} $R0 "/UPDATE" $R1
  ${IfNot} ${Errors}
    StrCpy $Update 1
  ${EndIf}
  ReadRegStr $R2 HKLM "${RUN}" "${NAME}"
  ClearErrors
  ${GetOptions} $R0 "/AUTOSTART" $R1
  ${IfNot} ${Errors}
    StrCpy $R2 "chosen"
    ${If} $R1 == "=no"
      StrCpy $R2 ""
    ${EndIf}
  ${EndIf}
  ${If} $R2 != ""
    !insertmacro SelectSection ${Auto}
  ${EndIf}
  ${If} $Update = 0
    !insertmacro AllClosed
  ${EndIf}
FunctionEnd

; OpenTill opens it as whoever is logged on, not as the administrator that set it up.
Function OpenTill
  Exec '"$WINDIR\explorer.exe" "$INSTDIR\veratill.exe"'
FunctionEnd

Section "un.$(Program)"
  SectionIn RO
  Delete "$INSTDIR\veratill.exe"
  Delete "$INSTDIR\veratill.com"
  Delete "$INSTDIR\veratill.previous.exe"
  Delete "$INSTDIR\veratill.previous.com"
  Delete "$INSTDIR\veratill.new.exe"
  Delete "$INSTDIR\veratill.new.com"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\THIRD-PARTY.txt"
  Delete "$INSTDIR\CHANGELOG.txt"
  Delete "$INSTDIR\INSTALL.txt"
  Delete "$INSTDIR\INSTALL.zh-CN.txt"
  Delete "$INSTDIR\settings-example.toml"
  Delete "$INSTDIR\sbom.cdx.json"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR" ; it stays where somebody put something of his own, such as Mesa
  Delete "${LINK}"
  DeleteRegValue HKLM "${RUN}" "${NAME}"
  DeleteRegKey HKLM "${ADDED}"
SectionEnd

Section /o "un.$(Purge)" un.Books
  ; rd of cmd.exe takes a link away and leaves what it leads to; RMDir /r would follow it.
  nsExec::Exec '"$SYSDIR\cmd.exe" /c rd /s /q "${DATA}"'
  Pop $0
SectionEnd

Function un.onInit
  SetShellVarContext all
  !insertmacro AllClosed
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/PURGE" $R1
  ${IfNot} ${Errors}
    !insertmacro SelectSection ${un.Books}
  ${EndIf}
FunctionEnd

Function un.onUninstSuccess
  ${If} ${SectionIsSelected} ${un.Books}
    ${If} ${FileExists} "${DATA}\*.*"
      SetErrorLevel ${CODE_FILES}
      MessageBox MB_OK|MB_ICONEXCLAMATION "$(Unpurged)" /SD IDOK
    ${Else}
      MessageBox MB_OK|MB_ICONINFORMATION "$(Purged)" /SD IDOK
    ${EndIf}
  ${Else}
    MessageBox MB_OK|MB_ICONINFORMATION "$(Kept)" /SD IDOK
  ${EndIf}
FunctionEnd

!uninstfinalize '"${SIGN}" "%1"' = 0
